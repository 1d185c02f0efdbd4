using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace TaalasSim.Support;

/// <summary>
/// A seeded TimesFM model of 49,552 parameters in safetensors: patches of 8 and 16 points, a quantile horizon of 32, width 32, two layers
/// of four heads, feed-forward 48. Each tensor is the stream of SplitMix64 from the FNV-1a of its name.
/// </summary>
public static class TinyTimesFm
{
    /// <summary>Points that context and horizon share, as config.json says.</summary>
    public const int ContextLimit = 512;

    private const int Patch = 8,
        Output = 16,
        Spread = 32,
        Columns = 10,
        Width = 32,
        FeedForward = 48,
        HeadSize = 8,
        Layers = 2;

    private static readonly Lazy<string> Made = new(() =>
        Write(Directory.CreateDirectory(Path.Combine(TemporaryFolder.OfProcess, "tiny-timesfm")).FullName)
    );

    /// <summary>Folder with model.safetensors and config.json, made once.</summary>
    public static string Folder => Made.Value;

    /// <summary>Names and shapes of its tensors, in ordinal order.</summary>
    public static SortedDictionary<string, int[]> Tensors
    {
        get
        {
            var list = new SortedDictionary<string, int[]>(StringComparer.Ordinal);
            void Block(string name, int inputs, int outputs)
            {
                list[name + ".hidden_layer.weight"] = [Width, inputs];
                list[name + ".output_layer.weight"] = [outputs, Width];
                list[name + ".residual_layer.weight"] = [outputs, inputs];
            }

            Block("tokenizer", 2 * Patch, Width);
            foreach (var part in new[] { "hidden", "output", "residual" })
                list[$"tokenizer.{part}_layer.bias"] = [Width];
            for (var n = 0; n < Layers; n++)
            {
                var layer = string.Create(CultureInfo.InvariantCulture, $"stacked_xf.{n}.");
                foreach (var norm in new[] { "pre_attn", "post_attn", "pre_ff", "post_ff" })
                    list[$"{layer}{norm}_ln.scale"] = [Width];
                list[layer + "attn.qkv_proj.weight"] = [3 * Width, Width];
                list[layer + "attn.out.weight"] = [Width, Width];
                foreach (var vector in new[] { "query_ln.scale", "key_ln.scale", "per_dim_scale.per_dim_scale" })
                    list[layer + "attn." + vector] = [HeadSize];
                list[layer + "ff0.weight"] = [FeedForward, Width];
                list[layer + "ff1.weight"] = [Width, FeedForward];
            }

            Block("output_projection_point", Width, Output * Columns);
            Block("output_projection_quantiles", Width, Spread * Columns);
            return list;
        }
    }

    /// <summary>Writes a model into a folder.</summary>
    /// <param name="folder">Folder.</param>
    /// <param name="change">Changes names and shapes before the weights are drawn.</param>
    /// <param name="config">Text of config.json.</param>
    /// <returns>The folder.</returns>
    public static string Write(
        string folder,
        Action<SortedDictionary<string, int[]>>? change = null,
        string config = """{"context_limit":512}"""
    )
    {
        var tensors = Tensors;
        change?.Invoke(tensors);
        var header = new StringBuilder("{");
        using var data = new MemoryStream();
        foreach (var (name, shape) in tensors)
        {
            var begin = data.Length;
            data.Write(Bytes(name, shape));
            header.Append(
                CultureInfo.InvariantCulture,
                $"{(header.Length > 1 ? "," : "")}\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', shape)}],"
            );
            header.Append(CultureInfo.InvariantCulture, $"\"data_offsets\":[{begin},{data.Length}]}}");
        }

        var json = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        using (var file = File.Create(Path.Combine(folder, "model.safetensors")))
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
            file.Write(length);
            file.Write(json);
            data.WriteTo(file);
        }

        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        return folder;
    }

    private static byte[] Bytes(string name, int[] shape)
    {
        var seed = 0xCBF29CE484222325UL;
        foreach (var c in name)
            seed = (seed ^ c) * 0x100000001B3UL;
        var bytes = new byte[4 * shape.Aggregate(1, (product, n) => product * n)];
        for (var i = 0; i < bytes.Length / 4; i++)
        {
            var z = seed + (0x9E3779B97F4A7C15UL * (ulong)(i + 1));
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            z ^= z >> 31;
            var u = (float)((z >> 40) / (double)(1 << 23) - 1);
            var value =
                name.EndsWith("_ln.scale", StringComparison.Ordinal) ? 1 + (0.1f * u)
                : name.EndsWith("per_dim_scale", StringComparison.Ordinal) ? 0.5f * u
                : name.EndsWith("bias", StringComparison.Ordinal) ? 0.1f * u
                : (float)(1 / Math.Sqrt(shape[^1])) * u;
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), value);
        }

        return bytes;
    }
}
