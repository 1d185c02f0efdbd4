using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>Vector unit: norms, rotary embedding, softmax, activation, residual additions.</summary>
public sealed record VectorSpec
{
    /// <summary>Elements processed per cycle by all lanes of one die.</summary>
    [FieldRange(1, 1 << 24, "lanes")]
    public required int Lanes { get; init; }

    /// <summary>Equal clusters that lanes and KV banks of one die are split in; each serves the layers around it.</summary>
    /// <remarks>A die with fewer layers than clusters joins neighbouring clusters, so that no lane is left out.</remarks>
    [FieldRange(1, 1 << 16, "clusters")]
    public int Clusters { get; init; } = 1;

    /// <summary>Pipeline depth of an element-wise operation in cycles.</summary>
    [FieldRange(0, 10_000, "cycles")]
    public required int PipelineCycles { get; init; }

    /// <summary>Cycles of a scalar reciprocal square root or reciprocal.</summary>
    [FieldRange(0, 10_000, "cycles")]
    public required int ScalarFunctionCycles { get; init; }
}
