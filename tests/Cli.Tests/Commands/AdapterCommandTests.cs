using System.Text.Json;
using NUnit.Framework;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>Adapters from the command line: compiled in, kept in SRAM, shown, and refused in one line.</summary>
[Category("Smoke")]
[NonParallelizable]
public class AdapterCommandTests
{
    private static readonly Lazy<string> Adapter = new(() =>
    {
        var path = Path.Combine(TemporaryFolder.New(), "adapter.gguf");
        using var model = GgufFile.Open(Taalas.StoriesModel);
        var writer = new GgufWriter();
        writer.Add("general.type", "adapter");
        writer.Add("general.architecture", model.Metadata.GetString("general.architecture"));
        writer.Add("adapter.type", "lora");
        writer.Add("adapter.lora.alpha", 4f);
        const string name = "blk.0.ffn_up.weight";
        _ = model.TryGetTensor(name, out var basis);
        writer.AddTensor(
            name + ".lora_a",
            CodeFormats.Named("f16"),
            [basis!.Dimension(0), 2],
            Enumerable.Repeat(new byte[] { 0x00, 0x2C }, 2 * (int)basis.Dimension(0)).SelectMany(b => b).ToArray()
        );
        writer.AddTensor(
            name + ".lora_b",
            CodeFormats.Named("f16"),
            [2, basis.Dimension(1)],
            Enumerable.Repeat(new byte[] { 0x00, 0x2C }, 2 * (int)basis.Dimension(1)).SelectMany(b => b).ToArray()
        );
        writer.Save(path);
        return path;
    });

    /// <summary>An adapter of the embedded model.</summary>
    internal static string AdapterFile => Adapter.Value;

    [Test]
    public void An_adapter_in_sram_is_compiled_shown_and_run()
    {
        var chip = Path.Combine(TemporaryFolder.New(), "stories.chip");
        var compiled = Invocation.Run("compile", Taalas.StoriesModel, "-o", chip, "--lora-sram", Adapter.Value + ":0.5");
        Assert.That(compiled.Code, Is.Zero, compiled.Error);
        using var shown = JsonDocument.Parse(Invocation.Run("inspect", chip, "--json").Output);
        using var model = GgufFile.Open(Taalas.StoriesModel);
        _ = model.TryGetTensor("blk.0.ffn_up.weight", out var basis);
        var fit = Invocation.Run("fit", Taalas.StoriesModel, "--lora-sram", Adapter.Value, "--json");
        using var resources = JsonDocument.Parse(fit.Output);
        var run = Invocation.Run("run", chip, "-p", "Once", "-n", "2", "--temp", "0");
        Assert.Multiple(() =>
        {
            var bytes = 2 * 2 * (basis!.Dimension(0) + basis.Dimension(1));
            Assert.That(compiled.Output, Does.Contain($"adapter SRAM   {bytes:N0} bytes on 1 matrices"));
            Assert.That(shown.RootElement.GetProperty("adapter_bytes").GetInt64(), Is.EqualTo(bytes));
            Assert.That(
                shown.RootElement.GetProperty("source").GetProperty("adapters")[0].GetProperty("scale").GetDouble(),
                Is.EqualTo(0.5)
            );
            Assert.That(
                resources
                    .RootElement.GetProperty("resources")
                    .EnumerateArray()
                    .Single(r => r.GetProperty("name").GetString() == "adapter SRAM")
                    .GetProperty("used")
                    .GetDouble(),
                Is.EqualTo(bytes)
            );
            Assert.That(run.Code, Is.Zero, run.Error);
        });
    }

    [Test]
    public void An_adapter_file_can_be_inspected()
    {
        var (code, output, error) = Invocation.Run("inspect", Adapter.Value);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That(output, Does.StartWith("lora adapter for llama").And.Contain("1 matrices, rank 2, alpha 4"));
        });
    }

    [TestCase("compile", "--lora", "absent.gguf")]
    [TestCase("compile", "--lora", "{model}")]
    [TestCase("compile", "--lora", "{adapter}:inf")]
    [TestCase("compile", "--lora-sram", "{model}")]
    [TestCase("fit", "--lora-sram", "absent.gguf")]
    [TestCase("fit", "--weights", "auto", "--bits", "900")]
    [TestCase("fit", "--bits", "4")]
    public void Bad_input_is_one_line_and_exits_2(string command, params string[] more)
    {
        string[] target = command == "compile" ? ["-o", Path.Combine(TemporaryFolder.New(), "x.chip")] : [];
        var (code, _, error) = Invocation.Run([
            command,
            Taalas.StoriesModel,
            .. target,
            .. more.Select(m => m.Replace("{model}", Taalas.StoriesModel).Replace("{adapter}", Adapter.Value)),
        ]);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1), error);
        });
    }

    [Test]
    public void The_choice_of_weights_is_shown_by_inspect_and_by_the_report()
    {
        var folder = TemporaryFolder.New();
        var (chip, text) = (Path.Combine(folder, "auto.chip"), Path.Combine(folder, "text.txt"));
        File.WriteAllText(text, File.ReadAllText(Shared.InRepo("chips/demo/story.txt"))[..240]);
        var compiled = Invocation.Run(
            "compile",
            Taalas.StoriesModel,
            "-o",
            chip,
            "--weights",
            "auto",
            "--bits",
            "4.5",
            "--calibration",
            text
        );
        Assert.That(compiled.Code, Is.Zero, compiled.Error);
        using var shown = JsonDocument.Parse(Invocation.Run("inspect", chip, "--json").Output);
        var report = Invocation.Run("report", chip, "-o", Path.Combine(folder, "report"));
        Assert.That(report.Code, Is.Zero, report.Error);
        var page = File.ReadAllText(Path.Combine(folder, "report", "report.html"));
        Assert.Multiple(() =>
        {
            var tensors = shown.RootElement.GetProperty("choice").GetProperty("tensors").EnumerateArray().ToList();
            Assert.That(tensors, Has.Count.EqualTo(shown.RootElement.GetProperty("ports").GetArrayLength()));
            Assert.That(page, Does.Contain("How the weights are stored"));
            foreach (var tensor in tensors)
                Assert.That(page, Does.Contain(tensor.GetProperty("port").GetString()!));
        });
    }
}
