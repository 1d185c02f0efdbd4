using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>Names: lists of them, other spellings, mistyped ones, completion.</summary>
[Category("Smoke")]
public sealed class NameTests
{
    [TestCase("models", "llama-3.1-8b")]
    [TestCase("gpus", "h200")]
    [TestCase("fabrics", "hc1")]
    [TestCase("technologies", "n6")]
    [TestCase("formats", "q4_k")]
    [TestCase("architectures", "qwen3moe")]
    [TestCase("Templates", "chatml")]
    public void Lists_hold_the_names_that_commands_take(string kind, string expected)
    {
        var (code, output, _) = Taalas.Run("list", kind);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(output.Split('\n').Select(line => line.Split(' ')[0]), Does.Contain(expected));
            Assert.That(Taalas.Run("list", kind, "--json").Out, Does.Contain($"\"name\": \"{expected}\""));
        });
    }

    [TestCase("unknown command 'complie'; did you mean 'compile'? See './taalas --help'.", "complie")]
    [TestCase("unknown command 'frobnicate'. See './taalas --help'.", "frobnicate")]
    [TestCase("unknown command 'strat'; did you mean 'start'? See './taalas device --help'.", "device", "strat")]
    [TestCase("See './taalas device campaign --help'.", "device", "campaign", "--count", "0")]
    [TestCase("unknown option '--promt'; did you mean '--prompt'?", "run", "x.chip", "--promt", "a")]
    [TestCase("no list of 'gpu'; did you mean 'gpus'?", "list", "gpu")]
    [TestCase("no such file, and no shape of that name in chips/models; did you mean 'llama-3.1-8b'?", "fit", "lama-3.1-8b")]
    [TestCase("no 'hc2' in chips/fabrics; did you mean 'hc1'?", "fit", "llama-3.1-8b", "--fabric", "hc2")]
    [TestCase("GPU 'h20' is unknown; did you mean", "compare", "llama-3.1-8b", "--against", "h20")]
    [TestCase("no completion for 'bsh'; did you mean 'bash'?", "completion", "bsh")]
    [TestCase("unknown command '\\u001b[31mx'", "\u001b[31mx")]
    public void A_mistyped_name_gets_a_hint(string expected, params string[] arguments)
    {
        var (code, _, error) = Taalas.Run(arguments);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error, Does.Contain(expected));
        });
    }

    [TestCase("Llama-3.1-8B")]
    [TestCase("LLAMA-3.1-8B")]
    [TestCase("meta-llama/Llama-3.1-8B-Instruct")]
    public void Names_are_found_without_regard_to_case_and_by_alias(string name) =>
        Assert.That(
            Taalas.Run("fit", name, "--fabric", "HC1", "--json").Out,
            Is.EqualTo(Taalas.Run("fit", "llama-3.1-8b", "--fabric", "hc1", "--json").Out)
        );

    [TestCase("bash", "complete -o filenames -F _taalas taalas")]
    [TestCase("zsh", "#compdef taalas")]
    [TestCase("fish", "complete -c taalas")]
    [TestCase("man", ".TH TAALAS 1")]
    public void Shells_get_their_completion(string shell, string expected) =>
        Assert.That(Taalas.Run("completion", shell).Out, Does.Contain(expected));

    [Test]
    public void Completion_suggests_commands_and_options() =>
        Assert.Multiple(() =>
        {
            Assert.That(Taalas.Run("[suggest:9]", "taalas co").Out.Split('\n'), Does.Contain("compile").And.Contain("cost"));
            Assert.That(Taalas.Run("[suggest:13]", "taalas run --c").Out.Split('\n'), Does.Contain("--chat"));
        });
}
