namespace TaalasSim.Reports.Charts;

/// <summary>Power by part of the card.</summary>
public static class PowerChart
{
    /// <summary>Draws the chart.</summary>
    /// <param name="data">Parts in watts.</param>
    public static Picture Draw(BreakdownData data) =>
        BreakdownBars.Draw("power", "Power by part of the card, in watts.", data, "W", "power (W)", ChartColors.Orange);
}
