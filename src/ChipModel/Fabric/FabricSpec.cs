using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>The fixed part of a chip: every layer that does not change from model to model. Read from
/// <c>chips/fabrics/*.yaml</c>.</summary>
public sealed record FabricSpec : ICheckedDescription
{
    /// <summary>Name, the file's name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>File of <c>chips/technology/</c> with the process constants, without extension.</summary>
    public required string Technology { get; init; }

    /// <summary>Clock of banks, network and vector lanes, in GHz.</summary>
    [FieldRange(0.001, 20, "GHz")]
    public required Constant ClockGhz { get; init; }

    /// <summary>Supply of the dies in V; absent: the lowest at which the process reaches the clock.</summary>
    [FieldRange(0.1, 10, "V")]
    public Constant? SupplyVolts { get; init; }

    /// <summary>Dies that share the model's layers, over all packages and cards.</summary>
    [FieldRange(1, 4096, "dies")]
    public int Dies { get; init; } = 1;

    /// <summary>Code format that <c>--weights</c> takes when nothing is said, and that shape-only commands assume.</summary>
    public required string DefaultWeights { get; init; }

    /// <inheritdoc cref="BankSpec"/>
    public required BankSpec Bank { get; init; }

    /// <summary>Banks on the sites of a router's matrix, where <see cref="Bank"/> cannot hold its type: routers choose experts by close
    /// comparisons and keep F32. Area and power count every site as <see cref="Bank"/>; routers take less than a hundredth of a model's
    /// sites.</summary>
    public BankSpec? RouterBank { get; init; }

    /// <summary>Masks that differ from model to model: weights and dataflow layer, or the metal of an adder network.</summary>
    [FieldRange(1, 1000, "masks")]
    public int CustomMasks { get; init; } = 2;

    /// <inheritdoc cref="SiteGridSpec"/>
    public required SiteGridSpec Sites { get; init; }

    /// <inheritdoc cref="NetworkSpec"/>
    public required NetworkSpec Network { get; init; }

    /// <inheritdoc cref="VectorSpec"/>
    public required VectorSpec Vector { get; init; }

    /// <inheritdoc cref="KvSramSpec"/>
    public required KvSramSpec KvSram { get; init; }

    /// <inheritdoc cref="SamplerSpec"/>
    public required SamplerSpec Sampler { get; init; }

    /// <inheritdoc cref="NumericsSpec"/>
    public required NumericsSpec Numerics { get; init; }

    /// <inheritdoc cref="CardSpec"/>
    public required CardSpec Card { get; init; }

    /// <summary>Packages, cards and partition; by default all dies form a pipeline in one package.</summary>
    public SystemSpec System { get; init; } = new();

    /// <summary>HBM stacks; absent for most.</summary>
    public HbmSpec? Hbm { get; init; }

    /// <inheritdoc cref="GatingSpec"/>
    public GatingSpec? Gating { get; init; }

    /// <summary>Numbers of the mask layers in GDSII files; absent: those of the process's mask rules.</summary>
    public GdsLayers? Gds { get; init; }

    /// <summary>Figures of the real chip that the fabric stands for; absent for a design that does not exist.</summary>
    public PublishedFigures? Published { get; init; }

    /// <summary>Banks that hold a matrix: those of routers may be of another style.</summary>
    /// <param name="router">Whether it is a router's.</param>
    public BankSpec BankFor(bool router) => router && RouterBank is { } own ? own : Bank;

    /// <summary>Clock of banks, network and vector lanes.</summary>
    public Hertz Clock => new(ClockGhz * 1e9);

    /// <summary>Dies in one package.</summary>
    public int DiesPerPackage => System.DiesPerPackage > 0 ? System.DiesPerPackage : Dies;

    /// <summary>Packages of one model.</summary>
    public int Packages => (Dies + DiesPerPackage - 1) / DiesPerPackage;

    /// <summary>Cards of one model.</summary>
    public int Cards => (Packages + System.PackagesPerCard - 1) / System.PackagesPerCard;

    /// <summary>Whether faults can be repaired.</summary>
    public bool HasSpares => Bank.SpareRows > 0 || Bank.SpareColumns > 0 || Sites.SpareBanks > 0 || Sites.PatchRows > 0;

    /// <inheritdoc/>
    public IEnumerable<FieldFault> Faults() => FabricRules.Faults(this);

    /// <summary>Bytes for keys and values on all dies, SRAM and HBM.</summary>
    public double KvCapacityBytes => Dies * ((KvSram.CapacityMb * 1e6) + (Hbm is null ? 0 : Hbm.StacksPerDie * Hbm.GbPerStack * 1e9));
}
