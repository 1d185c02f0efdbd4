using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>What would be passed over in silence, never end, or give a figure without meaning is refused in one line with exit
/// code 2.</summary>
[Category("Smoke")]
[NonParallelizable]
public sealed class RefusedTests
{
    [TestCase("--fabric", "hc1")]
    [TestCase("--weights", "rom3")]
    [TestCase("--chips", "3")]
    public void An_image_leaves_no_choice_of_fabric_weights_or_dies(string option, string value)
    {
        foreach (
            var command in (string[][])
                [
                    ["run", Invocation.DemoChip, "-p", "x", "-n", "1"],
                    ["compare", Invocation.DemoChip],
                ]
        )
            AssertRefused($"{option}: {Invocation.DemoChip} is a chip image", [.. command, option, value]);
    }

    [TestCase("fit", "llama-3.1-8b", "--fabric", "hc1", "--bits", "4")]
    [TestCase("fit", "{model}", "--bits", "4")]
    [TestCase("fit", "{model}", "--calibration", "{story}")]
    [TestCase("compile", "{model}", "-o", "{out}", "--imatrix", "{story}")]
    public void What_goes_with_chosen_weights_needs_them(params string[] args) => AssertRefused("needs --weights auto", args);

    [TestCase("run", "{chip}", "-n", "1", "-f", "{endless}")]
    [TestCase("perplexity", "{chip}", "-f", "{endless}")]
    [TestCase("curve", "{model}", "-f", "{endless}")]
    [TestCase("compile", "{model}", "-o", "{out}", "--weights", "auto", "--calibration", "{endless}")]
    public void A_text_without_end_is_refused(params string[] args) => AssertRefused("too large for a text", args);

    [Test]
    public void An_importance_matrix_is_a_file() =>
        AssertRefused("is a pipe or a device", "quantize", "{model}", "{out}", "q8_0", "--imatrix", "{endless}");

    [TestCase("int3", "weight format 'int3' is unknown; did you mean 'int4'?")]
    [TestCase("rom3", "weight format 'rom3' is unknown")]
    public void A_GPU_format_that_nobody_knows_is_refused(string format, string message) =>
        AssertRefused(message, "compare", "llama-3.1-8b", "--against", $"h100:vllm:{format}");

    [Test]
    public void A_GPU_is_named_once() => AssertRefused("H200 is named twice", "compare", "llama-3.1-8b", "--against", "H200,b200,h200");

    // What is empty or follows the last part is no part of a name, however near the rest is.
    [TestCase("h200:", "GPU 'h200:': write NAME")]
    [TestCase("h200::", "GPU 'h200::': write NAME")]
    [TestCase("h200:vllm:", "GPU 'h200:vllm:': write NAME")]
    [TestCase("h200:vllm:fp8:", "GPU 'h200:vllm:fp8:': write NAME")]
    [TestCase("h200:vllm:fp8:2:", "GPU 'h200:vllm:fp8:2:': write NAME")]
    [TestCase("h200:vllm:fp8:2:3", "GPU 'h200:vllm:fp8:2:3': write NAME")]
    [TestCase("h200:vllm:fp8:2x", "GPU 'h200:vllm:fp8:2x': write NAME")]
    [TestCase("h200:vllm:fp8:0x2", "GPU 'h200:vllm:fp8:0x2': write NAME")]
    [TestCase("h200:vllm:fp8 3", "weight format 'fp8_3' is unknown")]
    [TestCase("h200:vllmjunk", "engine 'vllmjunk' is unknown")]
    [TestCase("h200:vllm(x", "engine 'vllm(x' is unknown")]
    [TestCase("h200(x", "GPU 'h200(x' is unknown")]
    [TestCase("h200x", "GPU 'h200x' is unknown")]
    public void A_GPU_with_something_behind_it_is_refused(string name, string message) =>
        Assert.Multiple(() =>
        {
            AssertRefused(message, "compare", "llama-3.1-8b", "--against", name);
            AssertRefused("'", "compare", "llama-3.1-8b", "--against", name, "--gpu-cards", "2");
        });

    [TestCase("--greedy", "--temp", "0.5", "--greedy always takes the most likely token, and --temp 0.5 draws one; give one of them")]
    [TestCase("--temperature", "2", "--greedy", "--temp 2 draws one")]
    public void Greedy_with_a_temperature_is_a_contradiction(params string[] args) =>
        AssertRefused(args[^1], ["run", "{chip}", "-p", "Once", "-n", "2", .. args[..^1]]);

    [Test]
    public void Greedy_is_a_temperature_of_0() =>
        Assert.That(Invocation.Run("run", Taalas.StoriesChip, "-p", "Once", "-n", "2", "--greedy", "--temp", "0").Code, Is.Zero);

    [TestCase("1e-300")]
    [TestCase("0.0009")]
    [TestCase("1.1")]
    [TestCase("-0.5")]
    public void A_share_of_time_that_no_price_list_may_state_is_refused(string share) =>
        AssertRefused($"--utilisation {share}: use 0.001…1 or 0", "compare", "llama-3.1-8b", "--utilisation", share);

    [TestCase("export", "{chip}", "export: nothing to write; give one of --gds FILE")]
    [TestCase("export", "{chip}", "--gds", "{out}", "--trace", "{out}.json", "export: --gds and --trace: one output at a time")]
    [TestCase("run", "{chip}", "--split", "1", "taalas: unknown option '--split'. See './taalas run --help'.")]
    [TestCase("run", "{chip}", "--timing", "both", "--timing 'both': write one of analytic, event. See './taalas run --help'.")]
    [TestCase("validate", "silicn", "SUITE 'silicn': write one of")]
    [TestCase("compare", "llama-3.1-8b", "--color", "allways", "did you mean 'always'?")]
    public void A_wrong_option_is_told_in_whole_sentences(params string[] args) => AssertRefused(args[^1], args[..^1]);

    private static void AssertRefused(string message, params string[] args)
    {
        var place = Path.Combine(TemporaryFolder.New(), "out");
        var (code, output, error) = Invocation.Run([.. args.Select(Filled)]);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2), output);
            Assert.That(error, Does.Contain(message).IgnoreCase);
            Assert.That(error.TrimEnd('\n'), Does.Not.Contain("\n"));
            Assert.That(Path.Exists(place), Is.False);
        });

        string Filled(string argument) =>
            argument switch
            {
                "{chip}" => Invocation.DemoChip,
                "{model}" => Taalas.StoriesModel,
                "{story}" => Shared.InRepo("chips/demo/story.txt"),
                "{endless}" => "/dev/zero",
                "{out}" => place,
                _ => argument,
            };
    }
}
