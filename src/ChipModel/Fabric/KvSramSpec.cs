using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>On-chip memory of keys and values.</summary>
public sealed record KvSramSpec
{
    /// <summary>Capacity of one die, decimal megabytes.</summary>
    [FieldRange(1e-6, 1e6, "MB")]
    public required double CapacityMb { get; init; }

    /// <summary>Independent banks of one die.</summary>
    [FieldRange(1, 1 << 24, "banks")]
    public required int Banks { get; init; }

    /// <summary>Bytes that one bank's port moves per cycle.</summary>
    [FieldRange(1, 1 << 16, "B")]
    public required int PortBytes { get; init; }

    /// <summary>Cycles from address to data.</summary>
    [FieldRange(0, 10_000, "cycles")]
    public required int LatencyCycles { get; init; }

    /// <summary>Query heads that one read key or value element meets at once: multipliers per element of a port.</summary>
    [FieldRange(1, 1024, "heads")]
    public int QueriesPerPort { get; init; } = 4;
}
