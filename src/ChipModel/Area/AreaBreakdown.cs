namespace TaalasSim.ChipModel.Area;

/// <summary>Area of one die by part, mm².</summary>
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
    public double TotalMm2 =>
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
        + FrameMm2;

    /// <summary>All banks.</summary>
    public double BanksMm2 => RomMm2 + ColumnsMm2 + BankControlMm2;

    /// <summary>Distance between the centres of neighbouring sites when everything but frame and IO is spread over the sites, mm.</summary>
    public double SitePitchMm => Math.Sqrt((TotalMm2 - FrameMm2 - IoMm2 - HbmPhyMm2) / Sites);

    /// <summary>Transistor density of the die, millions per mm².</summary>
    public double MillionTransistorsPerMm2 => Transistors / TotalMm2 / 1e6;

    /// <summary>Parts by name, in the order of the list above.</summary>
    public IReadOnlyList<(string Part, double Mm2)> Parts =>
        [
            ("rom", RomMm2),
            ("columns", ColumnsMm2),
            ("bank_control", BankControlMm2),
            ("reduction", ReductionMm2),
            ("network", NetworkMm2),
            ("vector", VectorMm2),
            ("kv_sram", KvSramMm2),
            ("attention", AttentionMm2),
            ("sampler", SamplerMm2),
            ("io", IoMm2),
            ("hbm_phy", HbmPhyMm2),
            ("redundancy", RedundancyMm2),
            ("frame", FrameMm2),
        ];
}
