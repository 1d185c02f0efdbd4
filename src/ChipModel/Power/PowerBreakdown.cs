namespace TaalasSim.ChipModel.Power;

/// <summary>Power of a card by part, watts.</summary>
public readonly record struct PowerBreakdown
{
    public required double RomWatts { get; init; }

    /// <summary>Selection, block sums, scaling and accumulation.</summary>
    public required double ColumnsWatts { get; init; }

    /// <summary>Product generators and product lines across the banks.</summary>
    public required double ProductsWatts { get; init; }

    public required double ReductionWatts { get; init; }

    public required double NetworkWatts { get; init; }

    public required double VectorWatts { get; init; }

    public required double KvSramWatts { get; init; }

    /// <summary>Multipliers beside the KV ports.</summary>
    public required double AttentionWatts { get; init; }

    public required double SamplerWatts { get; init; }

    public required double DieLinkWatts { get; init; }

    /// <summary>Links between packages; their energy is a measured one and takes no calibration factor.</summary>
    public double PackageLinkWatts { get; init; }

    /// <summary>HBM stacks with interfaces; likewise.</summary>
    public double HbmWatts { get; init; }

    /// <summary>Clock distribution, always-clocked control registers and clock-gated idle units.</summary>
    public required double ClockWatts { get; init; }

    public required double LeakageWatts { get; init; }

    /// <summary>Lost in the card's regulators.</summary>
    public required double RegulatorWatts { get; init; }

    /// <summary>Card components beside die and regulators.</summary>
    public required double CardWatts { get; init; }

    /// <summary>Junction temperature at the fixed point of heat and leakage, °C.</summary>
    public required double JunctionCelsius { get; init; }

    /// <summary>Part of the nominal clock that the heat path allows, 0…1.</summary>
    public required double ClockFraction { get; init; }

    /// <summary>All dies, with their HBM stacks.</summary>
    public double DieWatts =>
        RomWatts
        + ColumnsWatts
        + ProductsWatts
        + ReductionWatts
        + NetworkWatts
        + VectorWatts
        + KvSramWatts
        + AttentionWatts
        + SamplerWatts
        + DieLinkWatts
        + PackageLinkWatts
        + HbmWatts
        + ClockWatts
        + LeakageWatts;

    /// <summary>The card at its plug.</summary>
    public double TotalWatts => DieWatts + RegulatorWatts + CardWatts;

    /// <summary>Parts by name, in the order of the list above.</summary>
    public IReadOnlyList<(string Part, double Watts)> Parts =>
        [
            ("rom", RomWatts),
            ("columns", ColumnsWatts),
            ("products", ProductsWatts),
            ("reduction", ReductionWatts),
            ("network", NetworkWatts),
            ("vector", VectorWatts),
            ("kv_sram", KvSramWatts),
            ("attention", AttentionWatts),
            ("sampler", SamplerWatts),
            ("die_link", DieLinkWatts),
            ("package_link", PackageLinkWatts),
            ("hbm", HbmWatts),
            ("clock", ClockWatts),
            ("leakage", LeakageWatts),
            ("regulator", RegulatorWatts),
            ("card", CardWatts),
        ];
}
