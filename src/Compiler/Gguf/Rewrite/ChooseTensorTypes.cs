using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>
/// Which type each tensor of a file gets. The mixes are those of llama-quantize with or without an importance matrix (llama-quant.cpp,
/// llama_tensor_get_type, August 2026): matrices that hurt most when they lose bits (output, values, the way down in the first, last and
/// every third layer) get more of them.
/// </summary>
internal sealed class ChooseTensorTypes
{
    private readonly FileType _type;
    private readonly string _architecture;
    private readonly int _layers;
    private readonly int _headsPerKvHead;
    private readonly int _experts;
    private readonly bool _tied;

    private readonly bool _importance;
    private readonly RewriteOptions _options;

    // Value matrices in the file, and those that the mix has had so far.
    private readonly int _values;
    private int _valuesDone;

    private ChooseTensorTypes(GgufFile file, IReadOnlyList<PlannedTensor> tensors, FileType type, RewriteOptions options)
    {
        _type = type;
        _options = options;
        _importance = options.Importance is not null;
        _values = tensors.Count(t => IsValues(t.Name));
        var meta = file.Metadata;
        _architecture = meta.TryGetString("general.architecture", out var architecture) ? architecture : "";
        _layers = Size(meta, "block_count", 0);
        var heads = Size(meta, "attention.head_count", 1);
        _headsPerKvHead = heads / Math.Max(1, Size(meta, "attention.head_count_kv", heads));
        _experts = Size(meta, "expert_count", 0);
        _tied = !file.TryGetTensor("output.weight", out _);
    }

    /// <summary>Types of tensors, in their order.</summary>
    /// <exception cref="InputException">A type that was asked for does not fit the rows of its matrix.</exception>
    public static IReadOnlyList<CodeFormat> For(GgufFile file, IReadOnlyList<PlannedTensor> tensors, FileType type, RewriteOptions options)
    {
        var chooser = new ChooseTensorTypes(file, tensors, type, options);
        return [.. tensors.Select(t => chooser.TypeOf(t.Source, t.Name))];
    }

    private CodeFormat TypeOf(GgufTensor tensor, string name)
    {
        if (_type.Base is not { } most || !IsMatrix(tensor) || (_options.LeaveOutput && name == "output.weight"))
            return tensor.Type;
        if (_options.EmbeddingType is { } embedding && name is "token_embd.weight" or "per_layer_token_embd.weight")
            return Asked(tensor, embedding, "--token-embedding-type");
        if (_options.OutputType is { } output && name == "output.weight")
            return Asked(tensor, output, "--output-tensor-type");
        var rule = most.IsQuantised ? _options.TensorTypes.FirstOrDefault(r => r.Pattern.IsMatch(name)) : null;
        var wanted = rule?.Type ?? (_type.Mixed ? CodeFormats.Named(Mixed(tensor, name, most)) : most);
        if (Fits(tensor, wanted))
            return wanted;
        var instead = CodeFormats.Named(Fallback(wanted.Name));
        return Fits(tensor, instead) ? instead : CodeFormats.Named("f16");
    }

    // Norms, biases, routers and the like are small and multiply everything: they stay as they are.
    private static bool IsMatrix(GgufTensor tensor) =>
        tensor.Type.HoldsWeights
        && tensor.Dimension(1) * tensor.Dimension(2) * tensor.Dimension(3) > 1
        && tensor.Name.EndsWith("weight", StringComparison.Ordinal)
        && !tensor.Name.EndsWith("_norm.weight", StringComparison.Ordinal)
        && !Has(tensor, "ffn_gate_inp.weight")
        && !Has(tensor, "ssm_conv1d")
        && !Has(tensor, "shortconv.conv.weight")
        && !Has(tensor, "position_embd")
        && !Has(tensor, "token_types");

    private static CodeFormat Asked(GgufTensor tensor, CodeFormat format, string option) =>
        Fits(tensor, format)
            ? format
            : throw new InputException(
                $"{option} {format.Name}: rows of {tensor.RowLength} values of {GgufFaults.Quote(tensor.Name)} do not hold whole blocks "
                    + $"of {format.BlockWeights}; choose another type"
            );

    private static bool IsValues(string name) =>
        new[] { "attn_v.weight", "attn_qkv.weight", "attn_kv_b.weight" }.Any(part => name.Contains(part, StringComparison.Ordinal));

    private string Mixed(GgufTensor tensor, string name, CodeFormat format)
    {
        var most = format.Name;
        if (tensor.Name == "output.weight" || (_tied && tensor.Name == "token_embd.weight"))
            return _options.OutputType?.Name ?? (_type.Name == "mxfp4_moe" || most == "q8_0" || !Fits(tensor, format) ? "q8_0" : "q6_k");
        if (_type.Name == "mxfp4_moe")
            return tensor.Dimension(2) > 1 ? "mxfp4" : "q8_0";
        if (tensor.Name == "token_embd.weight")
            return most is "tq1_0" or "tq2_0" or "q2_0" ? "q4_k" : most;
        if (IsValues(name))
            return Values(_valuesDone++, most);
        if (Has(tensor, "attn_k.weight"))
            return _experts == 8 ? "q8_0" : most;
        if (Has(tensor, "ffn_down"))
            return Down(PlanTensors.Layer(name) ?? 0, most);
        return Has(tensor, "attn_output.weight") ? AttentionOutput(most) : most;
    }

    private string Values(int layer, string most)
    {
        if (_experts == 8)
            return "q8_0";
        var type = _type.Name switch
        {
            "q2_k" => _headsPerKvHead >= 4 ? "q4_k" : "q3_k",
            "q2_k_s" when _headsPerKvHead >= 4 => "q4_k",
            "q3_k_m" => layer < 2 ? "q5_k" : "q4_k",
            "q3_k_l" => "q5_k",
            "iq4_nl" or "iq4_xs" when _headsPerKvHead >= 4 => "q5_k",
            "q4_k_m" or "q5_k_m" when WantsMore(layer, _values) => "q6_k",
            "q4_k_s" when layer < 4 => "q5_k",
            _ => most,
        };
        // 80 layers of these families share each value head among eight query heads: more bits for it are cheap.
        return _layers == 80 && _architecture is "llama" or "qwen2" && type is "q3_k" or "q4_k" ? "q5_k" : type;
    }

    private string Down(int layer, string most) =>
        _type.Name switch
        {
            "q2_k" => "q3_k",
            "q2_k_s" when layer < _layers / 8 => "q4_k",
            "q3_k_m" => layer < _layers / 16 ? "q5_k" : "q4_k",
            "q3_k_l" => "q5_k",
            "q4_k_m" or "q5_k_m" when WantsMore(layer, _layers) => "q6_k",
            "q4_k_s" when layer < _layers / 8 => "q5_k",
            "iq4_nl" or "iq4_xs" when layer < _layers / 8 && !_importance => "q5_k",
            "q4_0" when layer < _layers / 8 && _importance => "q4_1",
            "q5_0" when layer < _layers / 8 && _importance => "q5_1",
            _ => most,
        };

    private string AttentionOutput(string most) =>
        _experts == 8
            ? _type.Name is "q2_k" or "q3_k_s" or "q3_k_m" or "iq4_nl" or "iq4_xs" or "q4_k_s" or "q4_k_m"
                ? "q5_k"
                : most
            : _type.Name switch
            {
                "q2_k" => "q3_k",
                "q3_k_m" => "q4_k",
                "q3_k_l" => "q5_k",
                _ => most,
            };

    private static bool WantsMore(int layer, int layers) =>
        layer < layers / 8 || layer >= 7 * layers / 8 || (layer - (layers / 8)) % 3 == 2;

    private static bool Fits(GgufTensor tensor, CodeFormat format) => tensor.RowLength % format.BlockWeights == 0;

    /// <summary>A type of blocks of 32 for rows that no super-block fits.</summary>
    private static string Fallback(string type) =>
        type switch
        {
            "iq4_xs" => "iq4_nl",
            "q2_k" or "q3_k" or "tq1_0" or "tq2_0" or "q2_0" or "q1_0" or "nvfp4" => "q4_0",
            "q4_k" => "q5_0",
            "q5_k" => "q5_1",
            "q6_k" => "q8_0",
            _ => "f16",
        };

    private static bool Has(GgufTensor tensor, string part) => tensor.Name.Contains(part, StringComparison.Ordinal);

    // A size that decides between mixes only; a model whose sizes differ by layer is treated by its first.
    private int Size(GgufMetadata meta, string key, int absent) =>
        meta.Find($"{_architecture}.{key}") switch
        {
            { Type: GgufValueType.UInt32 } value => (int)Math.Min(value.Scalar<uint>(), int.MaxValue),
            { Type: GgufValueType.Int32 } value => value.Scalar<int>(),
            { Type: GgufValueType.Array, ElementType: GgufValueType.Int32, Count: > 0 } value => value.Array<int>()[0],
            { Type: GgufValueType.Array, ElementType: GgufValueType.UInt32, Count: > 0 } value => (int)
                Math.Min(value.Array<uint>()[0], int.MaxValue),
            _ => absent,
        };
}
