using TaalasSim.ChipModel.Fabric;

namespace TaalasSim.ChipModel.Chip;

/// <summary>A model on a fabric: everything that area, timing, power and cost are computed from. The compiler makes it; the image carries
/// it.</summary>
public sealed record ChipPlan
{
    /// <summary>Sizes of the model, which give the work of a token.</summary>
    public required ModelShape Model { get; init; }

    /// <summary>The fabric that the matrices are placed on.</summary>
    public required FabricSpec Fabric { get; init; }

    /// <summary>Matrices in the order of the model.</summary>
    public required IReadOnlyList<MatrixPlan> Matrices { get; init; }

    /// <summary>Float32 values in the vector ROM (norm weights, biases, rope factors, column scales).</summary>
    public required long VectorRomValues { get; init; }

    /// <summary>Adapters kept in the SRAM that otherwise holds keys and values; a matrix may have several, which add up in this
    /// order.</summary>
    public IReadOnlyList<AdapterPlan> Adapters { get; init; } = [];

    /// <summary>Bytes of SRAM that adapters take.</summary>
    public long AdapterBytes => Adapters.Sum(a => a.BytesA + a.BytesB);

    /// <summary>Bytes of memory on all dies that are left for keys and values; at least 0.</summary>
    public double KvBytes => Math.Max(0, Fabric.KvCapacityBytes - AdapterBytes);

    /// <summary>Sites of all dies.</summary>
    public int Sites => Fabric.Sites.PerDie * Fabric.Dies;

    /// <summary>Sites that hold a bank with weights.</summary>
    public int SitesUsed => Matrices.Sum(p => p.Banks);
}
