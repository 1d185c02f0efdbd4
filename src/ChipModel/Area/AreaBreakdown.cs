using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Area;

/// <summary>Area of one die by part. Parts are the terms of one sum, in mm²; what leaves the model has the type of its unit.</summary>
public readonly record struct AreaBreakdown
{
    /// <summary>ROM arrays of all sites, calibrated.</summary>
    public required double RomMm2 { get; init; }

    /// <summary>Selectors, block sums, scale units and accumulators of all columns, calibrated.</summary>
    public required double ColumnsMm2 { get; init; }

    /// <summary>Product generators, row decoders and control of all banks, calibrated.</summary>
    public required double BankControlMm2 { get; init; }

    /// <summary>Adders of the reduction trees.</summary>
    public required double ReductionMm2 { get; init; }

    /// <summary>Routers and links.</summary>
    public required double NetworkMm2 { get; init; }

    /// <summary>Vector lanes.</summary>
    public required double VectorMm2 { get; init; }

    /// <summary>KV SRAM macros.</summary>
    public required double KvSramMm2 { get; init; }

    /// <summary>Multipliers beside the KV ports.</summary>
    public required double AttentionMm2 { get; init; }

    /// <summary>Sampler tree.</summary>
    public required double SamplerMm2 { get; init; }

    /// <summary>Host link and die-to-die links.</summary>
    public required double IoMm2 { get; init; }

    /// <summary>Interfaces and controllers of HBM stacks.</summary>
    public double HbmPhyMm2 { get; init; }

    /// <summary>Spare rows, columns and banks, and patch rows; their codes are SRAM.</summary>
    public double RedundancyMm2 { get; init; }

    /// <summary>Pad ring, seal ring, clock, fuse and test blocks.</summary>
    public required double FrameMm2 { get; init; }

    /// <summary>Transistors; column logic scaled with the area factor, which stands for gates that a custom column does without.</summary>
    public required double Transistors { get; init; }

    /// <summary>Sites of the die.</summary>
    public required int Sites { get; init; }

    /// <summary>Whole die.</summary>
    public Mm2 TotalMm2 =>
        new(
            BanksMm2
                + ReductionMm2
                + NetworkMm2
                + VectorMm2
                + KvSramMm2
                + AttentionMm2
                + SamplerMm2
                + IoMm2
                + HbmPhyMm2
                + RedundancyMm2
                + FrameMm2
        );

    /// <summary>All banks.</summary>
    public double BanksMm2 => RomMm2 + ColumnsMm2 + BankControlMm2;

    /// <summary>Distance between the centres of neighbouring sites when everything but frame and IO is spread over the sites, mm.</summary>
    public double SitePitchMm => Math.Sqrt((TotalMm2.Value - FrameMm2 - IoMm2 - HbmPhyMm2) / Sites);

    /// <summary>Transistor density of the die, millions per mm².</summary>
    public double MillionTransistorsPerMm2 => Transistors / TotalMm2.Value / 1e6;

    /// <summary>Parts by name, in the order of the list above.</summary>
    public IReadOnlyList<(string Part, Mm2 Area)> Parts =>
        [
            ("rom", new(RomMm2)),
            ("columns", new(ColumnsMm2)),
            ("bank_control", new(BankControlMm2)),
            ("reduction", new(ReductionMm2)),
            ("network", new(NetworkMm2)),
            ("vector", new(VectorMm2)),
            ("kv_sram", new(KvSramMm2)),
            ("attention", new(AttentionMm2)),
            ("sampler", new(SamplerMm2)),
            ("io", new(IoMm2)),
            ("hbm_phy", new(HbmPhyMm2)),
            ("redundancy", new(RedundancyMm2)),
            ("frame", new(FrameMm2)),
        ];
}
