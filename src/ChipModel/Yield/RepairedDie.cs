using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Yield;

/// <summary>Yield of a die whose banks carry spares: rows, columns, whole banks, and rows of patch SRAM that any bank may take.</summary>
/// <remarks>
/// At a given defect density faults are Poisson in the area: the bank's style says which of them make a row, a column or the bank faulty
/// (<see cref="BankStyles.BankStyle.MeanFaults"/>), and one outside the banks costs the die. A bank works when it has no more faulty rows
/// and columns than spares; a die works when no more banks fail than it has spare ones. Rows beyond a bank's own spares take from the
/// die's pool of patch rows. Defects cluster: the density is gamma-distributed with shape α, so that without spares the negative binomial
/// (1 + AD/α)^−α comes out (C. H. Stapper, IBM J. Res. Dev. 27, 1983; spares: C. H. Stapper, A. N. McLaren, M. Dreckmann, IBM J. Res.
/// Dev. 24, 1980). A defect in a spare costs that spare alone and is left out, as spares are few.
/// </remarks>
public static class RepairedDie
{
    private const int Nodes = 96;

    /// <summary>Good dies over gross dies.</summary>
    /// <param name="fabric">Fabric with its spares.</param>
    /// <param name="wafer">Defect density and clustering.</param>
    /// <param name="area">Area of the die by part.</param>
    public static double Yield(FabricSpec fabric, WaferConstants wafer, in AreaBreakdown area)
    {
        // Midpoints in t = ln x of the gamma density x^(α−1) e^(−x): smooth and vanishing at both ends, so that equal steps converge fast.
        double alpha = wafer.ClusteringAlpha;
        var from = Math.Min(-24 / alpha, Math.Log(alpha) - 1);
        var step = (Math.Log(alpha + (10 * Math.Sqrt(alpha)) + 40) - from) / Nodes;
        double sum = 0,
            weights = 0;
        for (var i = 0; i < Nodes; i++)
        {
            var t = from + ((i + 0.5) * step);
            var x = Math.Exp(t);
            var weight = Math.Exp((alpha * t) - x);
            weights += weight;
            sum += weight * AtDensity(fabric, area, wafer.DefectsPerCm2 * x / alpha);
        }

        return sum / weights;
    }

    /// <summary>Yield where the defect density is the same everywhere (Poisson).</summary>
    /// <param name="fabric">Fabric with its spares.</param>
    /// <param name="area">Area of the die by part.</param>
    /// <param name="defectsPerCm2">Defect density, 1/cm².</param>
    public static double AtDensity(FabricSpec fabric, in AreaBreakdown area, double defectsPerCm2)
    {
        var perBank = defectsPerCm2 / 100 / area.Sites;
        var (rows, columns, control) = fabric.Bank.BankStyle.MeanFaults(
            fabric.Bank,
            area.RomMm2 * perBank,
            area.ColumnsMm2 * perBank,
            area.BankControlMm2 * perBank
        );
        var patched = 1.0;
        var bank = LogAtMost(columns, fabric.Bank.SpareColumns) - control;
        if (fabric.Sites.PatchRows > 0)
            patched = Math.Exp(LogAtMost(area.Sites * Excess(rows, fabric.Bank.SpareRows), fabric.Sites.PatchRows));
        else
            bank += LogAtMost(rows, fabric.Bank.SpareRows);
        var rest = (area.TotalMm2 - area.BanksMm2 - area.RedundancyMm2) / 100 * defectsPerCm2;
        return Math.Exp(-rest) * patched * AtMostFail(area.Sites + fabric.Sites.SpareBanks, fabric.Sites.SpareBanks, bank);
    }

    /// <summary>ln of the probability of at most this number of Poisson events.</summary>
    private static double LogAtMost(double mean, int most)
    {
        double term = 1,
            sum = 1;
        for (var k = 1; k <= most; k++)
        {
            term *= mean / k;
            sum += term;
            if (term < 1e-18 * sum && k > mean)
                break;
        }

        // Many events: the sum outgrows the range of e^mean only where the probability is nil or one.
        return double.IsInfinity(sum) ? 0 : Math.Log(sum) - mean;
    }

    /// <summary>Mean number of Poisson events beyond this number.</summary>
    private static double Excess(double mean, int beyond)
    {
        // Σ (k − n)+ p(k) = m − n + Σ_{k<n} (n − k) p(k).
        double term = Math.Exp(-mean),
            sum = mean - beyond;
        for (var k = 0; k < beyond; k++)
        {
            sum += (beyond - k) * term;
            term *= mean / (k + 1);
        }

        return Math.Max(0, sum);
    }

    /// <summary>Probability that of this number of banks at most <paramref name="spares"/> fail (binomial).</summary>
    private static double AtMostFail(int banks, int spares, double logGood)
    {
        var ratio = Math.Exp(-logGood) - 1;
        double term = 1,
            sum = 1;
        for (var k = 1; k <= spares; k++)
        {
            term *= ratio * (banks - k + 1) / k;
            sum += term;
        }

        return Math.Min(1, Math.Exp((banks * logGood) + Math.Log(sum)));
    }
}
