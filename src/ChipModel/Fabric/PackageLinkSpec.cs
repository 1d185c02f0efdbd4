using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>Link from package to package, on a card or between cards. It does not follow the chip's clock.</summary>
public sealed record PackageLinkSpec
{
    /// <summary>Payload of one direction of one package's link, decimal GB/s.</summary>
    [FieldRange(0.001, 1e6, "GB/s")]
    public required Constant GbPerSecond { get; init; }

    /// <summary>From the last bit leaving a die to its use on the next one, ns: both interfaces, cable or switch.</summary>
    [FieldRange(0, 1e9, "ns")]
    public required Constant LatencyNs { get; init; }

    /// <summary>Both interfaces and what lies between, pJ per payload bit.</summary>
    [FieldRange(0, 1e6, "pJ/bit")]
    public required Constant PjPerBit { get; init; }

    /// <summary>Interface on every die, mm²; absent when the host link serves.</summary>
    [FieldRange(0, 1000, "mm2")]
    public Constant? PhyMm2 { get; init; }
}
