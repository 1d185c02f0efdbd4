using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Power;

/// <summary>Power of a card by part. Parts are the terms of one sum, in watts; what leaves the model has the type of its unit.</summary>
public readonly record struct PowerBreakdown
{
    /// <summary>ROM arrays.</summary>
    public required double RomWatts { get; init; }

    /// <summary>Selection, block sums, scaling and accumulation.</summary>
    public required double ColumnsWatts { get; init; }

    /// <summary>Product generators and product lines across the banks.</summary>
    public required double ProductsWatts { get; init; }

    /// <summary>Reduction trees.</summary>
    public required double ReductionWatts { get; init; }

    /// <summary>Routers and links.</summary>
    public required double NetworkWatts { get; init; }

    /// <summary>Vector lanes.</summary>
    public required double VectorWatts { get; init; }

    /// <summary>KV SRAM.</summary>
    public required double KvSramWatts { get; init; }

    /// <summary>Multipliers beside the KV ports.</summary>
    public required double AttentionWatts { get; init; }

    /// <summary>Sampler tree.</summary>
    public required double SamplerWatts { get; init; }

    /// <summary>Links between the dies of a package.</summary>
    public required double DieLinkWatts { get; init; }

    /// <summary>Links between packages; their energy is a measured one and takes no calibration factor.</summary>
    public double PackageLinkWatts { get; init; }

    /// <summary>HBM stacks with interfaces; likewise.</summary>
    public double HbmWatts { get; init; }

    /// <summary>Clock distribution, always-clocked control registers and clock-gated idle units.</summary>
    public required double ClockWatts { get; init; }

    /// <summary>Leakage at the junction temperature.</summary>
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
    public Watts DieWatts =>
        new(
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
                + LeakageWatts
        );

    /// <summary>The card at its plug.</summary>
    public Watts TotalWatts => new(DieWatts.Value + RegulatorWatts + CardWatts);

    /// <summary>Parts by name, in the order of the list above.</summary>
    public IReadOnlyList<(string Part, Watts Power)> Parts =>
        [
            ("rom", new(RomWatts)),
            ("columns", new(ColumnsWatts)),
            ("products", new(ProductsWatts)),
            ("reduction", new(ReductionWatts)),
            ("network", new(NetworkWatts)),
            ("vector", new(VectorWatts)),
            ("kv_sram", new(KvSramWatts)),
            ("attention", new(AttentionWatts)),
            ("sampler", new(SamplerWatts)),
            ("die_link", new(DieLinkWatts)),
            ("package_link", new(PackageLinkWatts)),
            ("hbm", new(HbmWatts)),
            ("clock", new(ClockWatts)),
            ("leakage", new(LeakageWatts)),
            ("regulator", new(RegulatorWatts)),
            ("card", new(CardWatts)),
        ];
}
