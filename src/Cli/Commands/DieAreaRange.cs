using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Cli.Commands;

/// <summary>The area of one die of a fabric, in mm² with its 90 % interval. The model on it does not matter.</summary>
internal static class DieAreaRange
{
    /// <summary>The area; null where nothing that could be placed on the fabric is known.</summary>
    /// <param name="fabric">Fabric.</param>
    /// <param name="model">Shape or model file that may fit it.</param>
    /// <param name="weights">Code format; null for the fabric's.</param>
    public static UncertaintyRange? Of(FabricSpec fabric, string model, string? weights)
    {
        var library = ChipsFolder.Library;
        var anchor = library.Anchor(fabric.Technology);
        var input = Placed(fabric, model, weights) ?? (anchor is null ? null : anchor with { Fabric = fabric });
        if (input is null)
            return null;
        var study = new ChipUncertainty(input, library.Technology(fabric.Technology), library.Prices(), new ServiceShape(1, 1), anchor);
        return study.Run(BuildComparison.Draws, withTornado: false)[FigureCatalog.DieMm2].Interval;
    }

    private static EvaluationInput? Placed(FabricSpec fabric, string model, string? weights)
    {
        try
        {
            return EvaluationInput.Of(ChipsFolder.Place(model, fabric, weights).Plan);
        }
        catch (InputException)
        {
            return null;
        }
    }
}
