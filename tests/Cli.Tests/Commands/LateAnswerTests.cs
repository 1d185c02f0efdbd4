using NUnit.Framework;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>What a run would refuse is refused before a chip is there: nothing is left behind, and an old chip stays.</summary>
[TestFixture, Category("Smoke"), NonParallelizable]
public sealed class LateAnswerTests
{
    private static readonly (string Name, Action<GgufWriter> Fault, string Words)[] Faults =
    [
        ("template", w => w.Add("tokenizer.chat_template", "{% for %}"), "chat template"),
        ("named template", w => w.Add("tokenizer.chat_template.tool_use", "{{ 1 +"), "chat template 'tool_use'"),
        ("eot", w => w.Add("tokenizer.ggml.eot_token_id", 20u), "tokenizer.ggml.eot_token_id: 20 is beyond the 20 tokens"),
        ("scores", w => w.AddArray("tokenizer.ggml.scores", new float[19]), "19 scores for 20 tokens"),
        ("scores type", w => w.AddArray("tokenizer.ggml.scores", ["1"]), "tokenizer.ggml.scores"),
        ("bos type", w => w.Add("tokenizer.ggml.padding_token_id", "x"), "tokenizer.ggml.padding_token_id"),
    ];

    private static IEnumerable<string> Names => Faults.Select(f => f.Name);

    [TestCaseSource(nameof(Names))]
    public void A_fault_is_told_by_inspect_fit_and_compile_and_no_chip_is_left(string name)
    {
        var (_, fault, words) = Faults.Single(f => f.Name == name);
        var folder = TemporaryFolder.New();
        var (model, chip) = (Path.Combine(folder, "m.gguf"), Path.Combine(folder, "m.chip"));
        TinyModel.Write(model, fault);
        var inspected = Invocation.Run("inspect", model);
        var fitted = Invocation.Run("fit", model, "--weights", "rom4");
        var compiled = Invocation.Run("compile", model, "-o", chip, "--weights", "rom4");
        Assert.Multiple(() =>
        {
            Assert.That(compiled.Code, Is.EqualTo(2));
            Assert.That(compiled.Error, Does.Contain(words));
            Assert.That(inspected.Code, Is.EqualTo(2));
            Assert.That(inspected.Error, Is.EqualTo(compiled.Error), "the same words");
            Assert.That((fitted.Code, fitted.Error), Is.EqualTo((2, compiled.Error)), "what cannot be compiled does not fit");
            Assert.That(Directory.GetFileSystemEntries(folder), Is.EqualTo((string[])[model]));
        });
    }

    [Test]
    public void An_old_chip_stays_when_the_new_one_could_not_be_run()
    {
        var folder = TemporaryFolder.New();
        var (model, chip) = (Path.Combine(folder, "m.gguf"), Path.Combine(folder, "m.chip"));
        TinyModel.Write(model, null);
        Assert.That(Invocation.Run("compile", model, "-o", chip, "--weights", "rom4").Code, Is.Zero);
        var before = File.ReadAllText(Path.Combine(chip, "chip.yaml"));
        // A fabric whose process nobody knows: only a run asks for it.
        var fabric = Path.Combine(folder, "odd.yaml");
        File.WriteAllText(fabric, "base: demo\nname: odd\ntechnology: no-such-process\n");
        var second = Invocation.Run("compile", model, "-o", chip, "--weights", "rom4", "--fabric", fabric);
        Assert.Multiple(() =>
        {
            Assert.That(second.Code, Is.EqualTo(2));
            Assert.That(second.Error, Does.Contain("no-such-process"));
            Assert.That(second.Error, Does.Not.Contain(".tmp"), "a folder that is gone is not named");
            Assert.That(File.ReadAllText(Path.Combine(chip, "chip.yaml")), Is.EqualTo(before));
            Assert.That(Directory.GetDirectories(folder), Is.EqualTo((string[])[chip]));
        });
    }

    [TestCase("null")]
    [TestCase("~")]
    [TestCase("NULL")]
    [TestCase("true")]
    [TestCase("1e5")]
    [TestCase("💀")]
    public void A_model_may_have_any_name(string name)
    {
        var folder = TemporaryFolder.New();
        var (model, chip) = (Path.Combine(folder, "m.gguf"), Path.Combine(folder, "m.chip"));
        TinyModel.Write(model, null, name);
        var compiled = Invocation.Run("compile", model, "-o", chip, "--weights", "rom4");
        Assert.That(compiled.Error, Is.Empty);
        Assert.That(compiled.Output, Does.Contain($"{name} on demo"));
    }
}
