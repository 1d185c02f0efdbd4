using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Pages;

/// <summary>Writes a report's folder: the page, and each picture as PNG and SVG beside it.</summary>
public static class ReportFiles
{
    /// <summary>Name of the page.</summary>
    public const string PageName = "report.html";

    /// <summary>Writes the page last, so that a page is never there without its pictures.</summary>
    /// <param name="data">What the page shows.</param>
    /// <param name="folder">Folder of the page.</param>
    /// <param name="charts">Charts; null takes those of every report.</param>
    /// <returns>Paths written, the page first.</returns>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static IReadOnlyList<string> Write(ReportData data, string folder, IReadOnlyList<ReportChart>? charts = null)
    {
        var pictures = ReportPictures.Draw(data, charts);
        try
        {
            var paths = new List<string>();
            OutputFolder.Fill(
                folder,
                inside =>
                {
                    paths.AddRange(pictures.SelectMany(p => p.Picture.Save(inside)));
                    AtomicFile.WriteText(Path.Combine(inside, PageName), ReportPage.Render(data, pictures));
                },
                last: PageName
            );
            return [Path.Combine(folder, PageName), .. paths.Select(p => Path.Combine(folder, Path.GetFileName(p)))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: the report cannot be written: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        finally
        {
            foreach (var picture in pictures)
                picture.Dispose();
        }
    }
}
