namespace TaalasSim.Reports.Pages;

/// <summary>The page's style sheet, <c>report.css</c>: light and dark, readable on a phone, on a wide screen and on paper.</summary>
internal static class PageStyle
{
    /// <summary>Colours of systems in drawings, <c>s0</c> and on.</summary>
    public const int Colours = 8;

    /// <summary>The style sheet.</summary>
    public static string Css { get; } = PageResource.Text("report.css");
}
