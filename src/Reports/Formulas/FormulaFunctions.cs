using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Formulas;

/// <summary>The functions that a formula may call: of numbers alone, and without side effects.</summary>
internal static class FormulaFunctions
{
    private static readonly Dictionary<string, (int Least, int Most, Func<double[], double> Of)> Known = new(StringComparer.Ordinal)
    {
        ["abs"] = One(Math.Abs),
        ["ceil"] = One(Math.Ceiling),
        ["floor"] = One(Math.Floor),
        ["round"] = One(v => Math.Round(v, MidpointRounding.AwayFromZero)),
        ["truncate"] = One(Math.Truncate),
        ["sqrt"] = One(Math.Sqrt),
        ["exp"] = One(Math.Exp),
        ["ln"] = One(Math.Log),
        ["log2"] = One(Math.Log2),
        ["log10"] = One(Math.Log10),
        ["pow"] = (2, 2, v => Math.Pow(v[0], v[1])),
        ["min"] = (1, 16, v => v.Min()),
        ["max"] = (1, 16, v => v.Max()),
    };

    /// <summary>The function of a name.</summary>
    /// <param name="name">Name.</param>
    /// <param name="arguments">How many numbers it is called with.</param>
    /// <exception cref="InputException">No such function, or not with so many numbers.</exception>
    public static Func<double[], double> Find(string name, int arguments)
    {
        if (!Known.TryGetValue(name, out var function))
            throw new InputException(
                $"no function '{name}'{NearestName.Hint(name, [.. Known.Keys])}; there are {string.Join(' ', Known.Keys)}"
            );
        var (least, most, of) = function;
        if (arguments < least || arguments > most)
            throw new InputException($"{name}() takes {(least == most ? $"{least}" : $"{least} … {most}")} numbers, not {arguments}");
        return of;
    }

    private static (int, int, Func<double[], double>) One(Func<double, double> of) => (1, 1, v => of(v[0]));
}
