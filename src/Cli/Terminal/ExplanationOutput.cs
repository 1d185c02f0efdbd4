using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Cli.Terminal;

/// <summary>How a figure came about, for people and as JSON.</summary>
internal static class ExplanationOutput
{
    public static void Write(Explanation e, bool json)
    {
        if (json)
        {
            Json.Write(Document(e));
            return;
        }

        var o = Console.Out;
        if (double.IsNaN(e.Value))
        {
            o.WriteLine($"{e.Name}: {e.Formula}");
            return;
        }

        o.WriteLine(
            $"{e.Name} = {MeasureText.Of(e.Value, e.Unit)}{(e.Basis is { } basis ? $", {basis.ToString().ToLowerInvariant()}" : "")}"
        );
        foreach (var part in TextWrap.Lines($"= {e.Formula}", TextTable.TerminalWidth - 2))
            o.WriteLine($"  {part}");
        var inputs = new TextTable().Words("").Words("");
        foreach (var (name, value, unit) in e.Inputs)
            inputs.Row(name, MeasureText.Of(value, unit));
        inputs.Write(o);
        Hypotheses(e, o);
        if (e.Constants.Count == 0)
            return;
        o.WriteLine("most influential constants: the constant, and the figure at either end of its range");
        var constants = new TextTable().Words("").Words("");
        foreach (var (path, c, low, high) in e.Constants.Where(c => MeasureText.Of(c.AtLow, e.Unit) != MeasureText.Of(c.AtHigh, e.Unit)))
            constants.Row(
                path,
                $"{NumberText.Range(new(c.Value, c.Low, c.High))} {c.Unit} gives "
                    + $"{MeasureText.Of(low, e.Unit)} … {MeasureText.Of(high, e.Unit)}; {c.Confidence}; {c.Source}"
            );
        constants.Write(o);
    }

    private static void Hypotheses(Explanation e, TextWriter o)
    {
        if (e.Hypotheses.Count == 0)
            return;
        o.WriteLine("the interval mixes these explanations of the published chip in service: belief, and the figure if one alone holds");
        var table = new TextTable().Words("").Numbers("").Words("");
        foreach (var h in e.Hypotheses)
            table.Row(h.Name, NumberText.Significant(h.Weight), $"gives {MeasureText.Of(h.Value, e.Unit)}; {h.Statement}");
        table.Write(o);
    }

    private static object Document(Explanation e) =>
        new
        {
            Field = e.Name,
            e.Unit,
            e.Formula,
            Value = double.IsNaN(e.Value) ? (double?)null : e.Value,
            Basis = e.Basis?.ToString().ToLowerInvariant(),
            Inputs = e.Inputs.Select(i => new
            {
                i.Name,
                i.Value,
                i.Unit,
            }),
            Hypotheses = e.Hypotheses.Select(h => new
            {
                h.Name,
                h.Weight,
                h.Value,
                h.Statement,
            }),
            Constants = e.Constants.Select(c => new
            {
                c.Path,
                c.AtLow,
                c.AtHigh,
                c.Constant.Value,
                c.Constant.Low,
                c.Constant.High,
                c.Constant.Unit,
                c.Constant.Confidence,
                c.Constant.Source,
            }),
        };
}
