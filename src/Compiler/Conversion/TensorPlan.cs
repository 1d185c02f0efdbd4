using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Safetensors;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Which tensors the GGUF file gets, and how each is made of those of the folder.</summary>
internal sealed class TensorPlan
{
    private readonly SafetensorsModel _model;
    private readonly ModelConfig _config;
    private readonly ModelClass _kind;
    private readonly int _layers;
    private readonly long _vocabulary;
    private readonly List<ConvertedTensor> _tensors = [];
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);
    private readonly ExpertStacks _experts;
    private readonly Fp8Scales _scales;

    private TensorPlan(SafetensorsModel model, ModelConfig config, ModelClass kind, long vocabulary)
    {
        (_model, _config, _kind, _vocabulary) = (model, config, kind, vocabulary);
        _layers = (int)Math.Min(WriteModelKeys.Layers(config), int.MaxValue);
        _experts = new ExpertStacks(config);
        _scales = new Fp8Scales(model, config);
    }

    /// <summary>Plans the tensors; none of their values is read yet.</summary>
    /// <param name="model">Source.</param>
    /// <param name="config">Its config.json.</param>
    /// <param name="kind">Its class.</param>
    /// <param name="vocabulary">Tokens of the real vocabulary.</param>
    /// <exception cref="InputException">A tensor has no place in the architecture, or has sizes that do not fit.</exception>
    public static IReadOnlyList<ConvertedTensor> For(SafetensorsModel model, ModelConfig config, ModelClass kind, long vocabulary)
    {
        var plan = new TensorPlan(model, config, kind, vocabulary);
        foreach (var tensor in model.Tensors)
            plan.Add(tensor);
        plan._experts.ThrowIfIncomplete();
        if (plan._tensors.Count == 0)
            throw new InputException($"{config.Path}: the safetensors files hold no tensor of a model; fetch the folder again");
        return plan._tensors;
    }

    private void Add(SafetensorsTensor tensor)
    {
        var name = tensor.Name.Replace("language_model.", "", StringComparison.Ordinal);
        if (TensorNames.IsSkipped(name) || _scales.IsScale(tensor) || (_kind.DropsHead && name == "lm_head.weight"))
            return;
        if (_kind.SpecialTensors(_model, tensor, name) is { } special)
        {
            foreach (var (stem, made) in special)
                Emit(stem, made with { Name = NameOf(stem, tensor) });
            return;
        }

        if (!tensor.CanDecode || (tensor.Type.Name is "U8" or "I8" or "I32" && tensor.Shape.Count > 1))
            throw new InputException(
                $"{tensor.FilePath}: tensor {GgufFaults.Quote(tensor.Name)}: weights stored as {tensor.Type} are not read; give the "
                    + "model in BF16, F16 or F32"
            );
        var rows = _scales.Apply(tensor, TensorRows.Of(tensor));
        foreach (var (made, content) in _experts.Take(name, rows, tensor))
            Emit(tensor.Name, ConvertedTensor.Of(NameOf(made, tensor), tensor.Name, Changed(made, content, tensor)));
    }

    private TensorRows Changed(string name, TensorRows rows, SafetensorsTensor tensor)
    {
        if (_kind.PairsHalves)
        {
            var heads = WriteModelKeys.Heads(_config);
            if (Ends(name, "q_proj"))
                rows = Paired(rows, heads, tensor);
            else if (Ends(name, "k_proj"))
                rows = Paired(rows, _config.Size("n_kv_heads", "num_key_value_heads") ?? heads, tensor);
        }

        if (_kind.CutsEmbedding && name.Contains("embed_tokens.weight", StringComparison.Ordinal))
            rows = rows.First(_vocabulary);
        return _kind.NormsLessOne && name.EndsWith("norm.weight", StringComparison.Ordinal) ? rows.PlusOne() : rows;
    }

    private TensorRows Paired(TensorRows rows, uint heads, SafetensorsTensor tensor)
    {
        if (heads == 0 || rows.Shape.Count == 0 || rows.Shape[0] % (2L * heads) != 0)
            throw new InputException(
                $"{tensor.FilePath}: tensor {GgufFaults.Quote(tensor.Name)}: expected rows for {heads} heads of even size, found "
                    + $"[{string.Join(", ", tensor.Shape)}]; config.json belongs to another model"
            );
        return rows.PairHalves(heads);
    }

    private static bool Ends(string name, string stem) =>
        name.EndsWith(stem + ".weight", StringComparison.Ordinal) || name.EndsWith(stem + ".bias", StringComparison.Ordinal);

    private string NameOf(string name, SafetensorsTensor tensor) =>
        TensorNames.Map(name, _layers, _kind)
        ?? throw new InputException(
            $"{tensor.FilePath}: tensor {GgufFaults.Quote(tensor.Name)} has no place in a model of {_kind.Architecture} with {_layers} "
                + "layers; config.json belongs to another model, or the model has parts that are not converted"
        );

    private void Emit(string source, ConvertedTensor tensor)
    {
        if (!_sources.TryAdd(tensor.Name, source))
            throw new InputException(
                $"{_config.Path}: tensors {GgufFaults.Quote(source)} and {GgufFaults.Quote(_sources[tensor.Name])} both become "
                    + $"{tensor.Name}; fetch the model again"
            );
        if (tensor.Shape.Count > 4)
            throw new InputException(
                $"{_config.Path}: tensor {GgufFaults.Quote(source)} has {tensor.Shape.Count} dimensions; a GGUF file holds up to 4"
            );
        _tensors.Add(tensor with { AlwaysF32 = IsSmall(tensor) });
    }

    // Norms, biases and routers are small and multiply everything: they stay exact.
    private static bool IsSmall(ConvertedTensor tensor) =>
        tensor.Shape.Count <= 1
        || !tensor.Name.EndsWith(".weight", StringComparison.Ordinal)
        || tensor.Name.EndsWith("_norm.weight", StringComparison.Ordinal)
        || tensor.Name.EndsWith(".ffn_gate_inp.weight", StringComparison.Ordinal)
        || tensor.Name.EndsWith(".ffn_gate_inp_shexp.weight", StringComparison.Ordinal);
}
