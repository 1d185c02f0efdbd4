using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>Cycles of tokens by what they were spent on. Every cycle of a token is in exactly one part.</summary>
/// <param name="Kind">Working, filling or waiting.</param>
/// <param name="Unit">Unit that works, fills or is waited for; network for <see cref="PathPartKind.Ordering"/> and
/// <see cref="PathPartKind.Credit"/>.</param>
public readonly record struct PathPart(PathPartKind Kind, FabricUnit Unit)
{
    internal const int Units = (int)FabricUnit.Hbm + 1;

    /// <summary>Number of different parts; <see cref="Index"/> is below it.</summary>
    internal const int Count = (3 * Units) + 2;

    internal int Index =>
        Kind switch
        {
            PathPartKind.Ordering => Count - 2,
            PathPartKind.Credit => Count - 1,
            _ => ((int)Kind * Units) + (int)Unit,
        };

    internal static PathPart At(int index) =>
        index >= Count - 2
            ? new(index == Count - 1 ? PathPartKind.Credit : PathPartKind.Ordering, FabricUnit.Network)
            : new((PathPartKind)(index / Units), (FabricUnit)(index % Units));

    /// <summary>For people and tables: <c>bank working</c>, <c>vector filling</c>, <c>waiting for kv_sram</c>, <c>waiting for its
    /// turn</c>.</summary>
    public override string ToString() =>
        Kind switch
        {
            PathPartKind.Working => $"{Name(Unit)} working",
            PathPartKind.Filling => $"{Name(Unit)} filling",
            PathPartKind.Waiting => $"waiting for {Name(Unit)}",
            PathPartKind.Ordering => "waiting for its turn",
            _ => "waiting for room",
        };

    /// <summary>Snake-case name of a unit.</summary>
    public static string Name(FabricUnit unit) =>
        unit switch
        {
            FabricUnit.Bank => "bank",
            FabricUnit.Reduction => "reduction",
            FabricUnit.Network => "network",
            FabricUnit.Vector => "vector",
            FabricUnit.KvSram => "kv_sram",
            FabricUnit.Sampler => "sampler",
            FabricUnit.DieLink => "die_link",
            FabricUnit.PackageLink => "package_link",
            _ => "hbm",
        };
}
