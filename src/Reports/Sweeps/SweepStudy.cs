using System.Globalization;
using System.Text;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Reports.Sweeps;

/// <summary>What a sweep was made to find besides its rows, as a second table: Sobol's indices or the bars of a tornado.</summary>
public static class SweepStudy
{
    /// <summary>Name of the file of mode <see cref="SweepMode.Sensitivity"/>.</summary>
    public const string SensitivityName = "sensitivity.csv";

    /// <summary>Name of the file of mode <see cref="SweepMode.Tornado"/>.</summary>
    public const string TornadoName = "tornado.csv";

    /// <summary>Figures without the ends of their intervals.</summary>
    internal static IReadOnlyList<SweepColumn> Figures { get; } =
    [
        .. SweepColumns.OfFigures.Where(c =>
            !c.Name.EndsWith("_low", StringComparison.Ordinal) && !c.Name.EndsWith("_high", StringComparison.Ordinal)
        ),
    ];

    /// <summary>Fields of a dimension in one word.</summary>
    internal static string Field(SweepSpec spec, int dimension) =>
        string.Join('+', SweepSpace.Of(spec).FieldsOf(dimension).Select(f => spec.Vary[f].Field));

    /// <summary>Writes the second table of a sweep that has one.</summary>
    public static void Write(SweepResult result, string folder)
    {
        if (result.Spec.Mode == SweepMode.Sensitivity)
            AtomicFile.WriteText(
                Path.Combine(folder, SensitivityName),
                Csv(
                    "figure,field,first,first_low,first_high,total,total_low,total_high,base_points",
                    SweepSensitivity
                        .Of(result)
                        .Select(s =>
                            Line(
                                s.Figure,
                                s.Field,
                                s.Index.First.Value,
                                s.Index.First.Low,
                                s.Index.First.High,
                                s.Index.Total.Value,
                                s.Index.Total.Low,
                                s.Index.Total.High,
                                s.BasePoints
                            )
                        )
                )
            );
        else if (result.Spec.Mode == SweepMode.Tornado)
            AtomicFile.WriteText(
                Path.Combine(folder, TornadoName),
                Csv(
                    "figure,field,described,first,last,at_first,at_last,swing",
                    SweepTornado
                        .Of(result)
                        .Select(t =>
                            Line(t.Figure, t.Field, t.Described, t.First.Value, t.Last.Value, t.First.Figure, t.Last.Figure, t.Swing)
                        )
                )
            );
    }

    private static string Csv(string head, IEnumerable<string> lines)
    {
        var text = new StringBuilder(head).Append('\n');
        foreach (var line in lines)
            text.Append(line).Append('\n');
        return text.ToString();
    }

    // What is no number is an empty cell.
    private static string Line(params object?[] cells) =>
        string.Join(
            ',',
            cells.Select(cell =>
                cell switch
                {
                    double number => double.IsNaN(number) ? "" : number.ToString("R", CultureInfo.InvariantCulture),
                    IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
                    string text => CsvText.Cell(text),
                    _ => "",
                }
            )
        );
}
