using TaalasSim.Reports.Charts;

namespace TaalasSim.Reports.Pages;

/// <summary>A drawn picture and the section that shows it.</summary>
/// <param name="Section">The section.</param>
/// <param name="Picture">The picture.</param>
public sealed record ReportPicture(ReportSection Section, Picture Picture) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Picture.Dispose();
}
