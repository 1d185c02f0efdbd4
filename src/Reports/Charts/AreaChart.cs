namespace TaalasSim.Reports.Charts;

/// <summary>Silicon area by part of the die.</summary>
public static class AreaChart
{
    /// <summary>Draws the chart.</summary>
    /// <param name="data">Parts in mm².</param>
    public static Picture Draw(BreakdownData data) =>
        BreakdownBars.Draw("area", "Silicon area by part of the die, in square millimetres.", data, "mm²", "area (mm²)", ChartColors.Sky);
}
