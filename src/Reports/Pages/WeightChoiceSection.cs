using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Pages;

/// <summary>Which code format every matrix got, and the sensitivity that decided it.</summary>
internal static class WeightChoiceSection
{
    public static void Write(HtmlWriter html, WeightChoice? choice)
    {
        if (choice is null)
            return;
        html.Element("section", () =>
        {
            html.Element("h2", "How the weights are stored");
            html.Element(
                "p",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Chosen matrix by matrix by measured sensitivity: {choice.BitsPerWeight:0.###} of {choice.Budget:0.###} bits a "
                        + $"weight. KL divergence from the unquantised model on the calibration text: {choice.Divergence:0.00000} "
                        + $"nats; {choice.Uniform} throughout would give {choice.UniformDivergence:0.00000}."
                )
            );
            html.Scrolled("Table: formats of the matrices", () => html.Element("table", () =>
                {
                    html.Element("thead", () => html.Element("tr", () =>
                        {
                            foreach (
                                var head in new[]
                                {
                                    "matrix",
                                    "format",
                                    "bits a weight",
                                    "weights",
                                    "relative error",
                                    $"KL divergence with only it in {choice.Probe}",
                                }
                            )
                                html.Element("th", head, ("scope", "col"));
                        }));
                    html.Element("tbody", () =>
                    {
                        foreach (var t in choice.Matrices)
                        {
                            html.Element("tr", () =>
                            {
                                html.Element("th", t.Matrix, ("class", "code"), ("scope", "row"));
                                html.Element("td", t.Format);
                                html.Element("td", NumberText.Significant(t.BitsPerWeight), ("class", "number"));
                                html.Element("td", NumberText.Count(t.Weights), ("class", "number"));
                                html.Element("td", NumberText.Significant(t.RelativeError), ("class", "number"));
                                html.Element("td", NumberText.Significant(t.ProbeDivergence), ("class", "number"));
                            });
                        }
                    });
                }));
        });
    }
}
