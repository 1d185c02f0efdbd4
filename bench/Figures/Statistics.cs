namespace TaalasSim.Bench.Figures;

internal static class Statistics
{
    /// <summary>Median; the mean of the middle two of an even number of values.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
