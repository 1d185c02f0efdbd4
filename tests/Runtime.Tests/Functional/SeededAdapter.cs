using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Adapters whose values follow from a formula, so that another program can be given the same bytes.</summary>
internal static class SeededAdapter
{
    /// <summary>Writes an adapter for matrices of a model; value i of the n-th tensor is (h(i, seed + n) mod 256 − 128) /
    /// <paramref name="divisor"/>.</summary>
    public static void Write(
        string path,
        GgufFile model,
        int rank,
        float alpha,
        IEnumerable<string> tensors,
        int seed,
        float divisor,
        CodeFormat type,
        Action<GgufWriter>? more = null
    )
    {
        var writer = new GgufWriter();
        writer.Add("general.type", "adapter");
        writer.Add("general.architecture", model.Metadata.GetString("general.architecture"));
        writer.Add("adapter.type", "lora");
        writer.Add("adapter.lora.alpha", alpha);
        foreach (var name in tensors)
        {
            _ = model.TryGetTensor(name, out var basis);
            foreach (
                var (suffix, sizes) in new[]
                {
                    (".lora_a", new[] { basis!.Dimension(0), rank }),
                    (".lora_b", new[] { rank, basis.Dimension(1) }),
                }
            )
            {
                var values = new float[sizes[0] * sizes[1]];
                for (var i = 0; i < values.Length; i++)
                    values[i] = ((int)(Hash((uint)i, (uint)seed) & 255) - 128) / divisor;
                seed++;
                var bytes = new byte[type.BytesOf(values.Length)];
                type.Encode(values, bytes);
                writer.AddTensor(name + suffix, type, sizes, bytes);
            }
        }

        more?.Invoke(writer);
        writer.Save(path);
    }

    private static uint Hash(uint i, uint seed)
    {
        var h = (i * 2654435761u) + (seed * 40503u);
        h ^= h >> 15;
        h *= 2246822519u;
        return h ^ (h >> 13);
    }
}
