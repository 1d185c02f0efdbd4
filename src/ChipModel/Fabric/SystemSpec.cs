using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>How the dies of one model are put in packages and on cards, and what they share: the optional section <c>system</c> of a
/// fabric.</summary>
/// <remarks>
/// Pipeline partition: layers follow one another from die to die, and every layer is on one die. Tensor partition: groups of
/// <see cref="TensorParallelDies"/> dies share every matrix (query, key, value, gate and up are cut along their outputs, attention output
/// and down along their inputs) and add up their results twice a layer (M. Shoeybi et al., Megatron-LM, arXiv:1909.08053); the groups
/// follow one another as a pipeline.
/// </remarks>
public sealed record SystemSpec
{
    /// <summary>Dies in one package; 0 puts all dies in one.</summary>
    [FieldRange(0, 4096, "dies")]
    public int DiesPerPackage { get; init; }

    /// <summary>Packages on one card.</summary>
    [FieldRange(1, 4096, "packages")]
    public int PackagesPerCard { get; init; } = 1;

    /// <summary>Dies that share every matrix; 1 is a pipeline alone. Divides the number of dies.</summary>
    [FieldRange(1, 4096, "dies")]
    public int TensorParallelDies { get; init; } = 1;

    /// <summary>Whether one die is a whole wafer: it is not bound to the exposure field, and a wafer gives one.</summary>
    public bool WaferScale { get; init; }

    /// <summary>Link from package to package; needed as soon as there are two.</summary>
    public PackageLinkSpec? Link { get; init; }
}
