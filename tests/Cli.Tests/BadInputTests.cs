using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>Bad input ends in one clear line on standard error and the documented exit code: never a stack trace, never silence.</summary>
[Category("Smoke")]
public class BadInputTests
{
    [TestCase("inspect", "no-such-file.gguf")]
    [TestCase("compile", "no-such-file.gguf", "-o", "/tmp/never.chip")]
    [TestCase("compile", "chips/demo/stories.gguf")]
    [TestCase("compile", "chips/demo/stories.gguf", "-o", "/tmp/never.chip", "--fabric", "no-such-fabric")]
    [TestCase("compile", "chips/demo/stories.gguf", "-o", "/tmp/never.chip", "--weights", "rom99")]
    [TestCase("compile", "chips/demo/stories.gguf", "-o", "chips")]
    [TestCase("compile", "chips/demo/story.txt", "-o", "/tmp/never.chip")]
    [TestCase("run", "no-such-chip", "-p", "x")]
    [TestCase("run", "chips", "-p", "x")]
    [TestCase("fit", "no-such-model")]
    [TestCase("fit", "llama-3.1-8b", "--chips", "-3")]
    [TestCase("compare", "llama-3.1-8b", "--against", "abacus")]
    [TestCase("compare", "llama-3.1-8b", "--input", "0")]
    [TestCase("sweep", "no-such-sweep.yaml", "-o", "/tmp/never-sweep")]
    [TestCase("sweep", "chips/fabrics/hc1.yaml", "-o", "/tmp/never-sweep")]
    [TestCase("frobnicate")]
    [TestCase("run", "--frobnicate")]
    public void Bad_arguments_exit_2_with_one_line(params string[] arguments) => AssertOneLine(Taalas.Run(arguments), 2);

    [Test]
    public void Bad_generation_requests_exit_2_with_one_line()
    {
        AssertOneLine(Taalas.Run("run", Taalas.StoriesChip), 2);
        AssertOneLine(Taalas.Run("run", Taalas.StoriesChip, "-p", "x", "--prompt-ids", "1"), 2);
        AssertOneLine(Taalas.Run("run", Taalas.StoriesChip, "--prompt-ids", "1,99999"), 2);
        AssertOneLine(Taalas.Run("run", Taalas.StoriesChip, "-p", "x", "-n", "100000"), 2);
        AssertOneLine(Taalas.Run("run", Taalas.StoriesChip, "-p", "x", "--context", "100000"), 2);
        AssertOneLine(Taalas.Run("run", Taalas.StoriesChip, "-p", "x", "--numerics", "magic"), 2);
    }

    [Test]
    public void A_run_on_altered_weights_exits_2_with_one_line_and_gives_no_result()
    {
        var folder = TemporaryFolder.New();
        var chip = Path.Combine(folder, "altered.chip");
        Directory.CreateDirectory(chip);
        foreach (var file in Directory.GetFiles(Taalas.StoriesChip))
            File.Copy(file, Path.Combine(chip, Path.GetFileName(file)));
        var weights = Path.Combine(chip, "weights.mask");
        var bytes = File.ReadAllBytes(weights);
        bytes[bytes.Length / 2] ^= 0x10;
        File.WriteAllBytes(weights, bytes);
        var logits = Path.Combine(folder, "logits.bin");
        var result = Taalas.Run("run", chip, "-p", "Once", "-n", "4", "--greedy", "--logits", logits);
        AssertOneLine(result, 2);
        Assert.Multiple(() =>
        {
            Assert.That(result.Error, Does.Contain("weights.mask: digest does not match chip.yaml"));
            Assert.That(Directory.GetFiles(folder), Is.Empty);
        });
        AssertOneLine(Taalas.Run("bench", chip, "-p", "4", "-n", "2", "-r", "1"), 2);
        AssertOneLine(Taalas.Run("perplexity", chip, "-f", "chips/demo/story.txt", "-c", "64"), 2);
    }

    [Test]
    public void A_failed_compilation_leaves_an_old_image_whole()
    {
        var chip = Path.Combine(TemporaryFolder.New(), "old.chip");
        Assert.That(Taalas.Run("compile", Taalas.StoriesModel, "-o", chip).ExitCode, Is.Zero);
        var before = File.ReadAllText(Path.Combine(chip, "chip.yaml"));
        Assert.That(Taalas.Run("compile", "chips/demo/story.txt", "-o", chip).ExitCode, Is.EqualTo(2));
        Assert.That(File.ReadAllText(Path.Combine(chip, "chip.yaml")), Is.EqualTo(before));
    }

    [Test]
    public void Cut_and_corrupted_files_are_refused_or_harmless()
    {
        var random = new Random(5);
        var rounds = Shared.All ? 50 : 3;
        var original = File.ReadAllBytes(Taalas.StoriesModel);
        for (var i = 0; i < rounds; i++)
        {
            var folder = TemporaryFolder.New();
            var model = Path.Combine(folder, "damaged.gguf");
            var bytes = i % 2 == 0 ? original[..random.Next(original.Length)] : [.. original];
            if (i % 2 == 1)
                bytes[random.Next(20_000)] ^= (byte)random.Next(1, 256);
            File.WriteAllBytes(model, bytes);
            AssertClean(Taalas.Run("inspect", model));

            var sweep = Path.Combine(folder, "sweep.yaml");
            var text = File.ReadAllBytes(Shared.InRepo("chips/sweeps/demo.yaml"));
            text[random.Next(text.Length)] ^= (byte)random.Next(1, 128);
            File.WriteAllBytes(sweep, i % 2 == 0 ? text : text[..random.Next(text.Length)]);
            AssertClean(Taalas.Run("sweep", sweep, "-o", Path.Combine(folder, "out"), "--draws", "20"));
        }
    }

    [TestCase("chip.yaml")]
    [TestCase("weights.mask")]
    [TestCase("dataflow.mask")]
    [TestCase("tokenizer.json")]
    public void An_altered_image_does_not_run(string file)
    {
        var copy = Path.Combine(TemporaryFolder.New(), "copy.chip");
        Directory.CreateDirectory(copy);
        foreach (var source in Directory.GetFiles(Taalas.StoriesChip))
            File.Copy(source, Path.Combine(copy, Path.GetFileName(source)));
        var bytes = File.ReadAllBytes(Path.Combine(copy, file));
        bytes[bytes.Length / 3] ^= 1;
        File.WriteAllBytes(Path.Combine(copy, file), bytes);
        var result = Taalas.Run("run", copy, "-p", "Once", "-n", "1");
        AssertOneLine(result, 2);
        Assert.That(result.Error, Does.Contain("digest"));
    }

    private static void AssertOneLine(Taalas.Result result, int exitCode) =>
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.Out + result.Error);
            Assert.That(result.Error.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1), result.Error);
            Assert.That(result.Error, Does.StartWith("taalas: "));
            Assert.That(result.Error, Does.Not.Contain("   at "));
        });

    private static void AssertClean(Taalas.Result result) =>
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.AnyOf(0, 1, 2), result.Error);
            Assert.That(result.Error, Does.Not.Contain("   at ").And.Not.Contain("Unhandled"));
            if (result.ExitCode == 2)
                Assert.That(result.Error.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1), result.Error);
        });
}
