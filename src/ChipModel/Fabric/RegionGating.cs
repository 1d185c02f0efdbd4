using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>Power and clock gating of one region.</summary>
public sealed record RegionGating
{
    /// <summary>Share of the time under load in which the region is powered; an idle card switches a region below 1 off.</summary>
    [FieldRange(0, 1, "fraction")]
    public Constant PowerDuty { get; init; } = Constant.Exact(1, "fraction", "always powered");

    /// <summary>Leakage of the region while it is switched off over that while it is powered: switches and what must keep its
    /// contents.</summary>
    [FieldRange(0, 1, "fraction")]
    public Constant RetainedLeakage { get; init; } = Constant.Exact(1, "fraction", "nothing is switched off");

    /// <summary>Share of the time in which the region's local clocks run; for the rest they cost <c>energy.idle_fraction</c>. Absent: 1 for
    /// control registers of banks, 0 for everything else.</summary>
    [FieldRange(0, 1, "fraction")]
    public Constant? ClockDuty { get; init; }

    /// <summary>Part of the leakage that gating takes away, 0…1.</summary>
    /// <param name="busy">Whether the card works.</param>
    internal double Saved(bool busy)
    {
        var powered = busy || PowerDuty >= 1 ? (double)PowerDuty : 0;
        return (1 - powered) * (1 - RetainedLeakage);
    }
}
