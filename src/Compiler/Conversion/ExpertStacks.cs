using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Safetensors;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Gathers the matrices of experts that are stored one by one, and gives each kind as one tensor when all are there; cuts those
/// that are stored together.</summary>
internal sealed class ExpertStacks(ModelConfig config)
{
    private const int MostExperts = 4096;

    private readonly Dictionary<(int Layer, string Stem), TensorRows?[]> _waiting = [];

    /// <summary>What a tensor becomes: itself, nothing yet, a stack, or two halves.</summary>
    /// <returns>Names of Hugging Face form, with <c>.weight</c>, and rows.</returns>
    /// <exception cref="InputException">The tensor's expert or sizes are not those of the others.</exception>
    public IEnumerable<(string Name, TensorRows Rows)> Take(string name, TensorRows rows, SafetensorsTensor tensor)
    {
        if (TensorNames.SplitLayer(name) is not var (layer, rest) || !rest.Contains(".experts.", StringComparison.Ordinal))
            return [(name, rows)];
        var parts = rest.Split('.');
        if (parts is [var block, "experts", var number, var projection, "weight"])
            return One(layer, $"{block}.experts.{projection}", number, rows, tensor);
        var stem = rest.EndsWith(".weight", StringComparison.Ordinal) ? rest[..^".weight".Length] : rest;
        return stem switch
        {
            "mlp.experts.gate_up_proj" => Halves(layer, rows, tensor),
            "mlp.experts.down_proj" => [($"model.layers.{layer}.{stem}.weight", rows)],
            _ => [(name, rows)],
        };
    }

    /// <summary>Refuses a model of which experts are missing.</summary>
    public void ThrowIfIncomplete()
    {
        foreach (var ((layer, stem), parts) in _waiting)
            throw new InputException(
                $"{config.Path}: layer {layer}: {stem} of expert {Array.IndexOf(parts, null)} is missing; num_experts says "
                    + $"{parts.Length}: fetch every file of the model"
            );
    }

    private IEnumerable<(string Name, TensorRows Rows)> One(
        int layer,
        string stem,
        string number,
        TensorRows rows,
        SafetensorsTensor tensor
    )
    {
        var count = config.RequiredCount("num_local_experts", "num_experts");
        if (
            count > MostExperts
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var expert)
            || expert >= count
        )
            throw new InputException(
                $"{tensor.FilePath}: tensor {GgufFaults.Quote(tensor.Name)}: expected an expert below {count}, as config.json says (at "
                    + $"most {MostExperts})"
            );
        if (!_waiting.TryGetValue((layer, stem), out var parts))
            _waiting[(layer, stem)] = parts = new TensorRows?[count];
        if (parts.FirstOrDefault(p => p is not null) is { } other && !other.Shape.SequenceEqual(rows.Shape))
            throw new InputException(
                $"{tensor.FilePath}: tensor {GgufFaults.Quote(tensor.Name)}: has other sizes ([{string.Join(", ", rows.Shape)}]) than "
                    + $"another expert's ([{string.Join(", ", other.Shape)}])"
            );
        parts[expert] = rows;
        if (Array.IndexOf(parts, null) >= 0)
            return [];
        _waiting.Remove((layer, stem));
        return [($"model.layers.{layer}.{stem}.weight", TensorRows.Stack(parts!))];
    }

    private static IEnumerable<(string Name, TensorRows Rows)> Halves(int layer, TensorRows rows, SafetensorsTensor tensor)
    {
        if (rows.Shape.Count != 3 || rows.Shape[1] % 2 != 0)
            throw new InputException(
                $"{tensor.FilePath}: tensor {GgufFaults.Quote(tensor.Name)}: expected [experts, gate and up rows, width], found "
                    + $"[{string.Join(", ", rows.Shape)}]"
            );
        var half = rows.Shape[1] / 2;
        return
        [
            ($"model.layers.{layer}.mlp.experts.gate_proj.weight", rows.Part(0, half)),
            ($"model.layers.{layer}.mlp.experts.up_proj.weight", rows.Part(half, half)),
        ];
    }
}
