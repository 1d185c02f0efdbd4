namespace TaalasSim.Compiler.Fit;

/// <summary>Use of one resource of the fabric.</summary>
/// <param name="Name">Resource in words.</param>
/// <param name="Unit">Unit of the figures.</param>
/// <param name="Used">What the model needs.</param>
/// <param name="Available">What the fabric has: the limit.</param>
/// <param name="Rule">How both are counted, in the names of the fabric's fields.</param>
public sealed record ResourceUse(string Name, string Unit, double Used, double Available, string Rule)
{
    /// <summary>Share used; above 1 it does not fit.</summary>
    public double Share => Available > 0 ? Used / Available : Used > 0 ? double.PositiveInfinity : 0;

    /// <summary>Head-room that is left; negative: what is missing.</summary>
    public double Left => Available - Used;
}

/// <summary>Answer of <c>fit</c>.</summary>
public sealed record FitReport
{
    /// <summary>Resources in the order of design, each with its use.</summary>
    public required IReadOnlyList<ResourceUse> Resources { get; init; }

    /// <summary>
    /// Changes, each of which alone would make the model fit; smallest first. Where no single one does, one line that joins a change for each resource that is over.
    /// Empty when it fits.
    /// </summary>
    public required IReadOnlyList<string> Changes { get; init; }

    /// <summary>What there would still be room for, each taken alone; empty when it does not fit.</summary>
    public IReadOnlyList<string> HeadRoom { get; init; } = [];

    /// <summary>Whether every resource suffices.</summary>
    public bool Fits => Resources.All(r => r.Share <= 1);

    /// <summary>The resource nearest to, or farthest over, its limit. The size of the die does not depend on the model and binds only when it is over.</summary>
    public ResourceUse Binding => Resources.Where(r => r.Share > 1 || r.Name != DieArea).MaxBy(r => r.Share)!;

    /// <summary>Name of the resource that the fabric alone decides.</summary>
    internal const string DieArea = "die area";
}
