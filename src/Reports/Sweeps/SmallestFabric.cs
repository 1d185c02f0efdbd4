using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Placement;
using TaalasSim.Compiler.Steps;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Sizes a fabric to its model: the fewest rows of bank sites that hold it. Everything else stays as described.</summary>
internal static class SmallestFabric
{
    // Layers are not torn over dies, so the bound by area may be too low by some rows; never by many.
    private const int MostTries = 4096;

    /// <summary>The placement on the smallest fabric; that on the described fabric when no number of rows suffices.</summary>
    /// <param name="model">Model.</param>
    /// <param name="fabric">Fabric as described.</param>
    /// <param name="weights">Weight format.</param>
    public static PlacedModel Place(SourceModel model, FabricSpec fabric, string weights)
    {
        var described = PlaceOn(model, fabric, weights);
        // Banks in use are fewer than places needed where dies are left part empty.
        var rows = Rows(fabric, (double)described.Plan.SitesUsed);
        for (var i = 0; i < MostTries; i++, rows++)
        {
            var tried = fabric with { Sites = fabric.Sites with { Rows = rows } };
            if (DescriptionCheck.Faults(tried).Count > 0)
                return described;
            var placed = PlaceOn(model, tried, weights);
            if (placed.Fits)
                return placed;
        }

        return described;
    }

    /// <summary>The placement on a fabric as it is.</summary>
    public static PlacedModel PlaceOn(SourceModel model, FabricSpec fabric, string weights) =>
        CompilerSteps
            .Run<PlacedDesign>(
                model with
                {
                    Options = new CompileOptions { Fabric = fabric, Weights = weights },
                }
            )
            .Placement;

    private static int Rows(FabricSpec fabric, double sites) =>
        Math.Max(fabric.Sites.TileRows, (int)Math.Ceiling(sites / fabric.Dies / fabric.Sites.Columns));
}
