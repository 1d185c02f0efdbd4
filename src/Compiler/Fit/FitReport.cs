namespace TaalasSim.Compiler.Fit;

/// <summary>Answer of <c>fit</c>.</summary>
public sealed record FitReport
{
    /// <summary>Resources in the order of design, each with its use.</summary>
    public required IReadOnlyList<ResourceUse> Resources { get; init; }

    /// <summary>
    /// Changes, each of which alone would make the model fit; smallest first. Where no single one does, one line that joins a change for
    /// each resource that is over. Empty when it fits.
    /// </summary>
    public required IReadOnlyList<string> Changes { get; init; }

    /// <summary>What there would still be room for, each taken alone; empty when it does not fit.</summary>
    public IReadOnlyList<string> HeadRoom { get; init; } = [];

    /// <summary>Whether every resource suffices.</summary>
    public bool Fits => Resources.All(r => r.Share <= 1);

    /// <summary>The resource nearest to, or farthest over, its limit. The size of the die does not depend on the model and binds only when
    /// it is over.</summary>
    public ResourceUse Binding => Resources.Where(r => r.Share > 1 || r.Name != DieArea).MaxBy(r => r.Share)!;

    /// <summary>Name of the resource that the fabric alone decides.</summary>
    internal const string DieArea = "die area";

    /// <summary>Name of the resource that adapters take from keys and values.</summary>
    internal const string AdapterSram = "adapter SRAM";
}
