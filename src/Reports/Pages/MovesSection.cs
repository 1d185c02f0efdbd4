using System.Globalization;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Sweeps;

namespace TaalasSim.Reports.Pages;

/// <summary>The constants and explanations that move the headline most.</summary>
internal static class MovesSection
{
    public static void Write(HtmlWriter html, ReportData data)
    {
        if (data.Moves.Count == 0)
            return;
        html.Element("section", () =>
        {
            html.Element("h2", "What moves the headline");
            html.Element(
                "p",
                "What a figure becomes when one constant goes to either end of its interval and all else stays. The bar goes "
                    + "from the lower to "
                    + "the higher of the two on a scale from zero.",
                ("class", "muted")
            );
            html.Element(
                "div",
                () =>
                {
                    foreach (var moves in data.Moves)
                        html.Element("div", () => Table(html, moves));
                },
                ("class", "columns")
            );
        });
    }

    private static void Table(HtmlWriter html, FigureMoves moves)
    {
        var unit = moves.Figure.Unit;
        // A swing below the digits shown would read as none.
        var shown = moves.Constants.Where(s => MeasureText.Of(s.AtLow, unit) != MeasureText.Of(s.AtHigh, unit)).ToList();
        var held = moves.Hypotheses.Where(h => h.Weight > 0 && MeasureText.Of(h.Value, unit) != MeasureText.Of(moves.Best, unit)).ToList();
        var longest = shown.SelectMany(s => new[] { s.AtLow, s.AtHigh }).Concat(held.Select(h => h.Value)).DefaultIfEmpty(1).Max();
        html.Element(
            "table",
            () =>
            {
                html.Element("caption", $"{moves.Figure.Label}: {MeasureText.Of(moves.Best, unit)} with one user");
                html.Element("tbody", () =>
                {
                    foreach (var swing in shown)
                        html.Element("tr", () => Row(html, swing, unit, longest));
                    foreach (var hypothesis in held)
                        html.Element("tr", () => Row(html, hypothesis, moves.Best, unit, longest));
                });
            },
            ("class", "bars")
        );
    }

    private static void Row(HtmlWriter html, Sensitivity swing, string unit, double longest)
    {
        var constant = swing.Constant;
        html.Element(
            "th",
            () =>
                html.Text(FieldWords.Of(swing.Path))
                    .Element(
                        "span",
                        (
                            $"{NumberText.Significant(constant.Low)} – {NumberText.Significant(constant.High)} "
                            + MeasureText.Unit(constant.Unit)
                        ).TrimEnd(),
                        ("class", "interval")
                    ),
            ("scope", "row")
        );
        html.Element("td", () => Bar.Write(html, swing.AtLow, swing.AtHigh, 0, 0, longest), ("class", "drawn"));
        html.Element("td", $"{MeasureText.Of(swing.AtLow, unit)} → {MeasureText.Of(swing.AtHigh, unit)}", ("class", "number"));
    }

    private static void Row(HtmlWriter html, HypothesisEffect hypothesis, double best, string unit, double longest)
    {
        html.Element(
            "th",
            () =>
                html.Text($"if {hypothesis.Name.Replace('_', ' ')}")
                    .Element(
                        "span",
                        string.Create(CultureInfo.InvariantCulture, $"explanation held at {100 * hypothesis.Weight:0.#} %"),
                        ("class", "interval")
                    ),
            ("scope", "row")
        );
        html.Element("td", () => Bar.Write(html, best, hypothesis.Value, 0, 0, longest), ("class", "drawn"));
        html.Element("td", $"{MeasureText.Of(best, unit)} → {MeasureText.Of(hypothesis.Value, unit)}", ("class", "number"));
    }
}
