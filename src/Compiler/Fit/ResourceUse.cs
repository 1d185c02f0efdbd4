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
    public double Share =>
        Available > 0 ? Used / Available
        : Used > 0 ? double.PositiveInfinity
        : 0;

    /// <summary>Headroom that is left; negative: what is missing.</summary>
    public double Left => Available - Used;
}
