namespace TaalasSim.ChipModel.Fabric;

/// <summary>Vector unit: norms, rotary embedding, softmax, activation, residual additions.</summary>
public sealed record VectorSpec
{
    /// <summary>Elements processed per cycle by all lanes of one die.</summary>
    public required int Lanes { get; init; }

    /// <summary>Equal clusters that lanes and KV banks of one die are split in; each serves the layers around it.</summary>
    /// <remarks>A die with fewer layers than clusters joins neighbouring clusters, so that no lane is left out.</remarks>
    public int Clusters { get; init; } = 1;

    /// <summary>Pipeline depth of an element-wise operation in cycles.</summary>
    public required int PipelineCycles { get; init; }

    /// <summary>Cycles of a scalar reciprocal square root or reciprocal.</summary>
    public required int ScalarFunctionCycles { get; init; }
}
