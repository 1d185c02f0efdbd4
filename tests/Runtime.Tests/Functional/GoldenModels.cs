using System.Runtime.InteropServices;
using System.Text.Json;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Steps;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Reference models with the logits and greedy tokens of llama.cpp's scalar build, compiled once per test run onto the
/// demonstration fabric.</summary>
internal static class GoldenModels
{
    public const int Positions = 64;

    private static readonly Dictionary<string, string> Images = new(StringComparer.Ordinal);

    /// <summary>Context length with which the references were made.</summary>
    public const int Context = 512;

    /// <summary>Names (folder/model) of every golden of the folders; a folder without any gives one name, whose test is skipped.</summary>
    public static IEnumerable<string> Names(params string[] folders)
    {
        foreach (var folder in folders)
        {
            var files = Shared.Files($"golden/{folder}", "*.gguf");
            if (files.Count == 0)
                yield return $"{folder}/absent";
            foreach (var file in files)
                yield return $"{folder}/{Path.GetFileNameWithoutExtension(file)}";
        }
    }

    /// <summary>Folder of the model's chip image with preserved weights.</summary>
    public static string Image(string name)
    {
        lock (Images)
        {
            if (!Images.TryGetValue(name, out var folder))
            {
                folder = Path.Combine(TemporaryFolder.OfProcess, name.Replace('/', '-') + ".chip");
                var fit = CompileModel.ToImage(
                    Shared.Path($"golden/{name}.gguf"),
                    folder,
                    new CompileOptions
                    {
                        Fabric = Fabric,
                        Weights = "preserve",
                        Compiler = "test",
                    }
                );
                if (!fit.Fits)
                    throw new InvalidOperationException($"{name}: {fit.Binding}");
                Images.Add(name, folder);
            }

            return folder;
        }
    }

    /// <summary>The demonstration fabric with room for every golden model.</summary>
    public static FabricSpec Fabric { get; } = YamlReader.Read<FabricSpec>(Shared.InRepo("chips/fabrics/demo.yaml")) with { Dies = 4 };

    public static int[] Tokens =>
        [
            .. File.ReadAllText(Shared.Path("golden/tokens64.txt"))
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(int.Parse),
        ];

    public static float[] Logits(string name) =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Shared.Path($"golden/{name}.logits.f32"))).ToArray();

    public static JsonElement Facts(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Shared.Path($"golden/{name}.json")));
        return document.RootElement.Clone();
    }

    /// <summary>Logits after each of the tokens.</summary>
    public static float[] Evaluate(string folder, IKernelSet kernels, ReadOnlySpan<int> tokens, int batch)
    {
        using var chip = WiredChip.Open(folder);
        using var pass = new ForwardPass(chip, kernels, batch, Context);
        using var sequence = pass.NewSequence(Context);
        var logits = new float[tokens.Length * pass.VocabularySize];
        if (batch >= tokens.Length || !chip.Description.Model.Causal)
        {
            pass.Evaluate(sequence, tokens, logits);
            return logits;
        }

        for (var i = 0; i < tokens.Length; i += batch)
        {
            var part = tokens.Slice(i, Math.Min(batch, tokens.Length - i));
            pass.Evaluate(sequence, part, logits.AsSpan(i * pass.VocabularySize, part.Length * pass.VocabularySize));
        }

        return logits;
    }
}
