namespace TaalasSim.ChipModel.Fabric;

/// <summary>On-chip memory of keys and values.</summary>
public sealed record KvSramSpec
{
    /// <summary>Capacity of one die, decimal megabytes.</summary>
    public required double CapacityMb { get; init; }

    /// <summary>Independent banks of one die.</summary>
    public required int Banks { get; init; }

    /// <summary>Bytes that one bank's port moves per cycle.</summary>
    public required int PortBytes { get; init; }

    /// <summary>Cycles from address to data.</summary>
    public required int LatencyCycles { get; init; }

    /// <summary>Query heads that one read key or value element meets at once: multipliers per element of a port.</summary>
    public int QueriesPerPort { get; init; } = 4;
}
