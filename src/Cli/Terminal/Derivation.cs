using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Cli.Terminal;

/// <summary>How a figure came about, for people and as JSON.</summary>
internal static class Derivation
{
    public static void Write(Explanation e, bool json)
    {
        if (json)
        {
            Json.Write(
                new
                {
                    Field = e.Name,
                    e.Unit,
                    e.Formula,
                    Value = double.IsNaN(e.Value) ? (double?)null : e.Value,
                    Inputs = e.Inputs.Select(i => new
                    {
                        i.Name,
                        i.Value,
                        i.Unit,
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
                }
            );
            return;
        }

        var o = Console.Out;
        if (double.IsNaN(e.Value))
        {
            o.WriteLine($"{e.Name}: {e.Formula}");
            return;
        }

        o.WriteLine($"{e.Name} = {NumberText.Significant(e.Value)} {e.Unit}");
        o.WriteLine($"  = {e.Formula}");
        foreach (var (name, value, unit) in e.Inputs)
            o.WriteLine($"  {name, -32} {NumberText.Significant(value)} {unit}");
        if (e.Constants.Count == 0)
            return;
        o.WriteLine("most influential constants: the constant, and the figure at either end of its range");
        foreach (var (path, c, low, high) in e.Constants)
            o.WriteLine(
                $"  {path, -48} {NumberText.Range(new(c.Value, c.Low, c.High))} {c.Unit} gives {NumberText.Significant(low)} … {NumberText.Significant(high)}; {c.Confidence}; {c.Source}"
            );
    }
}
