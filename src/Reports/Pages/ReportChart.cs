using TaalasSim.Reports.Charts;

namespace TaalasSim.Reports.Pages;

/// <summary>A chart of the report. Charts of one section are listed one after the other.</summary>
/// <param name="Section">Where it is shown.</param>
/// <param name="Draw">Draws its pictures; none when the data has nothing to draw.</param>
public sealed record ReportChart(ReportSection Section, Func<ReportData, IEnumerable<Picture>> Draw)
{
    /// <summary>A chart of one picture from one part of the data.</summary>
    /// <param name="section">Where it is shown.</param>
    /// <param name="part">The part; null when there is nothing to draw.</param>
    /// <param name="draw">Draws it.</param>
    public static ReportChart Of<T>(ReportSection section, Func<ReportData, T?> part, Func<T, Picture> draw)
        where T : class => new(section, data => part(data) is { } found ? [draw(found)] : []);
}
