using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

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

    /// <summary>Exponent of a bank's capacity over 32 KiB in its energy per bit: longer lines. Absent: 0, every bank costs what the process
    /// states.</summary>
    [FieldRange(0, 1, "1")]
    public Constant? CapacityExponent { get; init; }

    /// <summary>Exponent of 64 bits over the width of a bank's port in its energy per bit: a wide word shares decoder and word line.
    /// Absent: 0.</summary>
    [FieldRange(0, 1, "1")]
    public Constant? WidthExponent { get; init; }

    /// <summary>Query heads that one read key or value element meets at once: multipliers per element of a port.</summary>
    [FieldRange(1, 1024, "heads")]
    public int QueriesPerPort { get; init; } = 4;
}
