using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Yield;

/// <summary>Good dies of a wafer.</summary>
public static class DieYield
{
    /// <summary>Yield of a die.</summary>
    /// <param name="model">Formula.</param>
    /// <param name="areaMm2">Area in which a defect kills, mm².</param>
    /// <param name="defectsPerCm2">Defect density, 1/cm².</param>
    /// <param name="alpha">Clustering parameter; used by the negative binomial alone.</param>
    public static double Of(YieldModel model, double areaMm2, double defectsPerCm2, double alpha = 3)
    {
        var ad = areaMm2 / 100 * defectsPerCm2;
        return model switch
        {
            YieldModel.Poisson => Math.Exp(-ad),
            // Below 1e-6 the difference cancels; its series is 1 − AD/2.
            YieldModel.Murphy => Math.Pow(ad < 1e-6 ? 1 - (0.5 * ad) : (1 - Math.Exp(-ad)) / ad, 2),
            YieldModel.Seeds => Math.Exp(-Math.Sqrt(ad)),
            YieldModel.BoseEinstein => 1 / (1 + ad),
            YieldModel.NegativeBinomial => Math.Pow(1 + (ad / alpha), -alpha),
            _ => throw new ArgumentOutOfRangeException(nameof(model), model, "unknown yield model"),
        };
    }

    /// <summary>Formula of a model, for reports.</summary>
    public static string Formula(YieldModel model) =>
        model switch
        {
            YieldModel.Poisson => "exp(-A D)",
            YieldModel.Murphy => "((1 - exp(-A D)) / (A D))^2",
            YieldModel.Seeds => "exp(-sqrt(A D))",
            YieldModel.BoseEinstein => "1 / (1 + A D)",
            _ => "(1 + A D / alpha)^-alpha",
        };

    /// <summary>Gross dies by the usual formula π d²/(4 S) − π d/√(2 S), without edge exclusion or scribe.</summary>
    public static double GrossDiesFormula(double dieMm2, double diameterMm) =>
        Math.Max(0, (Math.PI * diameterMm * diameterMm / (4 * dieMm2)) - (Math.PI * diameterMm / Math.Sqrt(2 * dieMm2)));

    /// <summary>The same on the usable circle (edge exclusion taken off) and with scribe lines around the die.</summary>
    public static double GrossDies(double dieMm2, WaferConstants wafer)
    {
        var side = Math.Sqrt(dieMm2) + wafer.ScribeMm;
        return GrossDiesFormula(side * side, wafer.DiameterMm - (2 * wafer.EdgeExclusionMm));
    }
}
