using System.Text.Json;
using NUnit.Framework;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>Faults of the card from outside: <c>run --fault</c> and <c>device campaign</c>.</summary>
[Category("Smoke"), NonParallelizable]
public class DeviceCampaignTests
{
    [Test]
    public void Campaigns_repeat_from_their_seed_and_find_nothing()
    {
        var first = Invocation.Run("device", "campaign", "--seed", "5", "--count", "4", "--json");
        var single = Invocation.Run("device", "campaign", "--seed", "7", "--count", "1", "--json");
        Assert.That((first.Code, single.Code), Is.EqualTo((0, 0)), first.Error + single.Error);
        using var all = JsonDocument.Parse(first.Output);
        using var one = JsonDocument.Parse(single.Output);
        string Digest(JsonDocument document, int index) =>
            document.RootElement.GetProperty("campaigns")[index].GetProperty("digest").GetString()!;
        Assert.Multiple(() =>
        {
            Assert.That(all.RootElement.GetProperty("campaigns").GetArrayLength(), Is.EqualTo(4));
            Assert.That(all.RootElement.GetProperty("violations").GetInt32(), Is.Zero);
            Assert.That(Digest(all, 2), Is.EqualTo(Digest(one, 0)));
        });
    }

    [Test]
    public void A_fault_that_is_survived_leaves_the_tokens_and_one_that_is_not_ends_in_one_line()
    {
        var chip = TinyModel.Chip();
        (int Code, string Output, string Error) Run(params string[] more) =>
            Invocation.Run(["run", chip, "--prompt-ids", "1,2,3", "-n", "5", "--greedy", .. more]);
        var (good, torn, pulled) = (Run(), Run("--fault", "torn-completion@3"), Run("--fault", "surprise-removal@3"));
        Assert.Multiple(() =>
        {
            Assert.That((torn.Code, torn.Output), Is.EqualTo((0, good.Output)), torn.Error);
            Assert.That(torn.Error, Does.Contain("1 of 1 struck: torn-completion").And.Contain("TornCompletion"));
            Assert.That(pulled.Code, Is.EqualTo(3), pulled.Error);
            Assert.That(pulled.Error.TrimEnd().Split('\n')[^1], Does.StartWith("taalas: device: "));
        });
    }

    [TestCase("kv-bite", "did you mean 'kv-bit'")]
    [TestCase("kv-bit@0", "'0' is no whole number from 1")]
    [TestCase("kv-bit:x", "'x' is no whole number")]
    [TestCase("link-down@5s", "'5s' is no whole number")]
    public void A_fault_that_is_none_is_refused(string fault, string message)
    {
        var (code, _, error) = Invocation.Run("run", TinyModel.Chip(), "--prompt-ids", "1", "-n", "1", "--fault", fault);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain(message));
    }
}
