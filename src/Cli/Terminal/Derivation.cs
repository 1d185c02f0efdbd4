using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Quantities;

namespace TaalasSim.Cli.Terminal;

/// <summary>How a figure came about, for people and as JSON.</summary>
internal static class Derivation
{
    public static void Write(Explanation e, bool json)
    {
        if (json)
        {
            Json.Write(new
            {
                Field = e.Field.Name,
                e.Field.Unit,
                e.Field.Formula,
                e.Value,
                Inputs = e.Inputs.Select(i => new { i.Name, i.Value, i.Unit }),
                Constants = e.Constants.Select(c => new { c.Path, c.Constant.Value, c.Constant.Low, c.Constant.High, c.Constant.Unit, c.Constant.Confidence, c.Constant.Source }),
            });
            return;
        }

        var o = Console.Out;
        o.WriteLine($"{e.Field.Name} = {NumberText.Significant(e.Value)} {e.Field.Unit}");
        o.WriteLine($"  = {e.Field.Formula}");
        foreach (var (name, value, unit) in e.Inputs)
            o.WriteLine($"  {name,-32} {NumberText.Significant(value)} {unit}");
        o.WriteLine("constants that move it, most first");
        foreach (var (path, c) in e.Constants)
            o.WriteLine($"  {path,-48} {NumberText.Range(new(c.Value, c.Low, c.High))} {c.Unit}; {c.Confidence}; {c.Source}");
    }
}
