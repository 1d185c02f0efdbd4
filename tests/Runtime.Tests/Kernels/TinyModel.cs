using System.Diagnostics.CodeAnalysis;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>
/// The forward pass of a small golden model, written straight down on the kernel interface: every operation of it is checked by logits that
/// llama.cpp's scalar build computed. The product has its own engine; this one stays as plain as the rules that it follows.
/// </summary>
internal sealed class TinyModel : IDisposable
{
    private readonly GgufFile file;
    private readonly IKernelSet kernels;
    private readonly string arch;
    private readonly List<IDisposable> owned = [];
    private readonly Dictionary<string, IKernelMatrix> matrices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IKernelBuffer> vectors = new(StringComparer.Ordinal);
    private readonly int layers,
        width,
        ffn,
        heads,
        kvHeads,
        headSize,
        rotary;
    private readonly float epsilon;
    private readonly IKernelCache cache;

    public TinyModel(string path, IKernelSet kernels)
    {
        file = GgufFile.Open(path);
        this.kernels = kernels;
        arch = file.Metadata.GetString("general.architecture");
        layers = Int("block_count");
        width = Int("embedding_length");
        ffn = Int("feed_forward_length");
        heads = Int("attention.head_count");
        kvHeads = (int)file.Metadata.Get(Key("attention.head_count_kv"), (uint)heads);
        headSize = (int)file.Metadata.Get(Key("attention.key_length"), (uint)(width / heads));
        rotary = (int)file.Metadata.Get(Key("rope.dimension_count"), (uint)headSize);
        epsilon = file.Metadata.Get<float>(Key("attention.layer_norm_rms_epsilon"));
        cache = kernels.AllocateCache(layers, kvHeads * headSize, kvHeads * headSize, kvHeads, 64);
        owned.Add(cache);
    }

    /// <summary>Logits [token][vocabulary] of tokens that follow the <paramref name="position"/> before them.</summary>
    [SuppressMessage("Design", "MA0051", Justification = "One pass in the order in which the reference computes it.")]
    public float[] Forward(ReadOnlySpan<int> tokens, int position)
    {
        var rows = tokens.Length;
        int q = heads * headSize,
            kv = kvHeads * headSize;
        var full = arch == "llada";
        var gemma = arch == "gemma2";
        IKernelBuffer x = New(rows * width),
            h = New(rows * width),
            query = New(rows * q),
            key = New(rows * kv),
            value = New(rows * kv);
        IKernelBuffer mixed = New(rows * q),
            gate = New(rows * ffn),
            up = New(rows * ffn),
            fused = New(rows * Math.Max(q + (2 * kv), 2 * ffn));
        var angles = New(rows * rotary);
        angles.Write(Angles(rows, position));
        kernels.Embed(Matrix("token_embd"), tokens, gemma ? MathF.Sqrt(width) : 1, x);
        for (var layer = 0; layer < layers; layer++)
        {
            var at = $"blk.{layer}.";
            kernels.RmsNorm(x, Vector(at + "attn_norm.weight")!, epsilon, rows, width, h);
            if (arch == "phi3")
            {
                kernels.MatMul(Matrix(at + "attn_qkv"), h, rows, fused);
                kernels.Slice(fused, rows, q + (2 * kv), 0, q, query);
                kernels.Slice(fused, rows, q + (2 * kv), q, kv, key);
                kernels.Slice(fused, rows, q + (2 * kv), q + kv, kv, value);
            }
            else
            {
                Project(at + "attn_q", h, rows, query);
                Project(at + "attn_k", h, rows, key);
                Project(at + "attn_v", h, rows, value);
            }

            if (Vector(at + "attn_q_norm.weight") is { } queryNorm)
            {
                kernels.RmsNorm(query, queryNorm, epsilon, rows * heads, headSize, query);
                kernels.RmsNorm(key, Vector(at + "attn_k_norm.weight")!, epsilon, rows * kvHeads, headSize, key);
            }

            var neox = arch is not ("llama" or "llada");
            kernels.Rope(query, angles, rows, heads, headSize, rotary, neox);
            kernels.Rope(key, angles, rows, kvHeads, headSize, rotary, neox);
            var shape = new AttentionShape
            {
                Heads = heads,
                KvHeads = kvHeads,
                HeadSize = headSize,
                ValueHeadSize = headSize,
                Scale = 1 / MathF.Sqrt(headSize),
                ScaleQuery = arch is "phi3" or "gemma2",
                SoftCap = gemma ? file.Metadata.Get<float>(Key("attn_logit_softcapping")) : 0,
                Window = gemma && layer % 2 == 0 ? Int("attention.sliding_window") : 0,
            };
            if (full)
            {
                kernels.FullAttention(shape, [.. Enumerable.Repeat(rows, rows)], query, key, value, mixed);
            }
            else
            {
                kernels.StoreKv(cache, layer, position, rows, key, value);
                kernels.Attention(cache, shape, layer, position, rows, query, mixed);
            }

            kernels.MatMul(Matrix(at + "attn_output"), mixed, rows, h);
            if (gemma)
                kernels.RmsNorm(h, Vector(at + "post_attention_norm.weight")!, epsilon, rows, width, h);
            kernels.Add(x, h, rows * width);

            kernels.RmsNorm(x, Vector(at + "ffn_norm.weight")!, epsilon, rows, width, h);
            if (arch == "phi3")
            {
                kernels.MatMul(Matrix(at + "ffn_up"), h, rows, fused);
                kernels.Slice(fused, rows, 2 * ffn, 0, ffn, gate);
                kernels.Slice(fused, rows, 2 * ffn, ffn, ffn, up);
            }
            else
            {
                kernels.MatMul(Matrix(at + "ffn_gate"), h, rows, gate);
                kernels.MatMul(Matrix(at + "ffn_up"), h, rows, up);
            }

            kernels.Gate(gemma ? GateActivation.Gelu : GateActivation.Silu, gate, up, rows * ffn);
            kernels.MatMul(Matrix(at + "ffn_down"), gate, rows, h);
            if (gemma)
                kernels.RmsNorm(h, Vector(at + "post_ffw_norm.weight")!, epsilon, rows, width, h);
            kernels.Add(x, h, rows * width);
        }

        kernels.RmsNorm(x, Vector("output_norm.weight")!, epsilon, rows, width, h);
        var output = Matrix(file.TryGetTensor("output.weight", out _) ? "output" : "token_embd");
        var logits = New(rows * output.Source.Outputs);
        kernels.MatMul(output, h, rows, logits);
        if (gemma)
            kernels.SoftCap(logits, file.Metadata.Get<float>(Key("final_logit_softcapping")), rows * output.Source.Outputs);
        var result = new float[rows * output.Source.Outputs];
        logits.Read(0, result);
        return result;
    }

    public void Dispose()
    {
        foreach (var item in owned)
            item.Dispose();
        file.Dispose();
    }

    private string Key(string name) => $"{arch}.{name}";

    private int Int(string name) => (int)file.Metadata.Get<uint>(Key(name));

    private IKernelBuffer New(int count)
    {
        var buffer = kernels.Allocate(count);
        owned.Add(buffer);
        return buffer;
    }

    private void Project(string name, IKernelBuffer x, int rows, IKernelBuffer y)
    {
        var matrix = Matrix(name);
        kernels.MatMul(matrix, x, rows, y);
        if (Vector(name + ".bias") is { } bias)
            kernels.AddBias(y, bias, rows, matrix.Source.Outputs);
    }

    private IKernelBuffer? Vector(string name)
    {
        if (vectors.TryGetValue(name, out var known) || !file.TryGetTensor(name, out var tensor))
            return known;
        var values = new float[tensor.Elements];
        tensor.DecodeRow(0, values);
        var buffer = New(values.Length);
        buffer.Write(values);
        return vectors[name] = buffer;
    }

    private IKernelMatrix Matrix(string name)
    {
        if (matrices.TryGetValue(name, out var known))
            return known;
        if (!file.TryGetTensor(name + ".weight", out var tensor))
            throw new InvalidOperationException($"{name} is missing");
        var format = CodeFormats.OfGgml(tensor.Type.GgmlType);
        var rows = Enumerable.Range(0, (int)tensor.Rows).Select(r => tensor.Row(r).ToArray()).ToArray();
        var blocks = (int)tensor.RowLength / format.BlockWeights;
        var panels = new PanelMatrix(format, (int)tensor.RowLength, rows, segments: Math.Min(blocks, 3));
        owned.Add(panels);
        return matrices[name] = kernels.Bind(panels.Banked);
    }

    /// <summary>Cosine and sine of every pair at every position.</summary>
    private float[] Angles(int rows, int position)
    {
        var factors = Factors();
        var magnitude = arch == "phi3" ? file.Metadata.Get(Key("rope.scaling.attn_factor"), 1f) : 1;
        var step = MathF.Pow(file.Metadata.Get(Key("rope.freq_base"), 10000f), -2f / rotary);
        var angles = new float[rows * rotary];
        for (var row = 0; row < rows; row++)
        {
            float theta = position + row;
            for (var j = 0; j < rotary / 2; j++, theta *= step)
            {
                var angle = factors is null ? theta : theta / factors[j];
                angles[(row * rotary) + (2 * j)] = MathF.Cos(angle) * magnitude;
                angles[(row * rotary) + (2 * j) + 1] = MathF.Sin(angle) * magnitude;
            }
        }

        return angles;
    }

    private float[]? Factors()
    {
        var longContext = arch == "phi3" && Int("context_length") > (int)file.Metadata.Get(Key("rope.scaling.original_context_length"), 0u);
        var name = arch switch
        {
            "phi3" => longContext ? "rope_factors_long.weight" : "rope_factors_short.weight",
            "llada" => "",
            _ => "rope_freqs.weight",
        };
        if (!file.TryGetTensor(name, out var tensor))
            return null;
        var factors = new float[tensor.Elements];
        tensor.DecodeRow(0, factors);
        return factors;
    }
}
