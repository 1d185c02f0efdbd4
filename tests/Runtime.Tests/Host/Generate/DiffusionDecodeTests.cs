using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Host.Generate;

/// <summary>llama.cpp's diffusion schedules on the card go through the same canvases as llama.cpp, step by step.</summary>
[Category("Validation")]
public class DiffusionDecodeTests
{
    [TestCase("llada-f32")]
    [TestCase("dream-f32")]
    public void Canvases_equal_those_of_llama_cpp_before_every_step(string model)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Shared.Path("cdlm/llamacpp_diffusion.json")));
        var root = document.RootElement;
        JsonElement[] cases = [.. root.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("model").GetString() == model)];
        using var host = DiffusionHosts.PowerOn(DiffusionHosts.ModelOf(root, cases[0]));
        Assert.Multiple(() =>
        {
            foreach (var golden in cases)
                Check(host, golden);
        });
    }

    private static void Check(SimulatedHost host, JsonElement golden)
    {
        var name = golden.GetProperty("name").GetString();
        var prompt = DiffusionHosts.Numbers(golden.GetProperty("prompt"));
        var seen = new List<int[]>();
        var made = DiffusionDecode.Run(host, prompt, Settings(golden), canvas => seen.Add([.. canvas]));
        Assert.That(prompt.Concat(made.Tokens), Is.EqualTo(DiffusionHosts.Numbers(golden.GetProperty("ids"))), name);
        Assert.That(made.MasksLeft, Is.EqualTo(golden.GetProperty("masks_left").GetInt32()), name);
        Assert.That(made.Steps, Is.EqualTo(golden.GetProperty("forwards").GetInt32()), name);
        Assert.That(seen, Is.EqualTo(golden.GetProperty("states_before_step").EnumerateArray().Select(DiffusionHosts.Numbers)), name);
    }

    private static DiffusionSettings Settings(JsonElement golden) =>
        new()
        {
            MaximumLength = golden.GetProperty("max_length").GetInt32(),
            Steps = golden.GetProperty("steps").GetInt32(),
            Algorithm = (DiffusionAlgorithm)golden.GetProperty("algorithm").GetInt32(),
            Epsilon = golden.GetProperty("block_length").GetInt32() > 0 ? 0 : golden.GetProperty("eps").GetSingle(),
            BlockLength = golden.GetProperty("block_length").GetInt32(),
            GuidanceScale = golden.GetProperty("cfg_scale").GetSingle(),
            Temperature = golden.GetProperty("temperature").GetSingle(),
            TopK = golden.GetProperty("top_k").GetInt32(),
            Seed = golden.GetProperty("seed").GetUInt32(),
        };
}
