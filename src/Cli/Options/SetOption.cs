using System.CommandLine;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Cli.Options;

/// <summary>The option <c>--set</c> of commands that judge a design: fields of fabric and price list with other values.</summary>
internal static class SetOption
{
    private const string Fabric = "fabric.",
        Prices = "prices.";

    /// <summary>The option.</summary>
    public static Option<string[]> Create() =>
        new("--set")
        {
            Description =
                "Replace a field of the fabric or of the price list, e.g. fabric.clock_ghz=1.1 or prices.pue=1.1; may be given "
                + "several times.",
            HelpName = "FIELD=VALUE",
            DefaultValueFactory = _ => [],
        };

    /// <summary>Replaced fields of fabric and price list.</summary>
    /// <param name="given">Values of the option.</param>
    /// <exception cref="InputException">One is no assignment to a field of either, or a field is given twice.</exception>
    public static (IReadOnlyDictionary<string, string> Fabric, IReadOnlyDictionary<string, string> Prices) Read(string[] given)
    {
        Dictionary<string, string> fabric = new(StringComparer.Ordinal),
            prices = new(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var (name, value) = text.Split('=', 2) is [var left, var right] ? (left, right) : (text, "");
            var (fields, start) = name.StartsWith(Fabric, StringComparison.Ordinal) ? (fabric, Fabric.Length) : (prices, Prices.Length);
            if (
                value.Length == 0
                || name.Length <= start
                || !(name.StartsWith(Fabric, StringComparison.Ordinal) || name.StartsWith(Prices, StringComparison.Ordinal))
            )
                throw new InputException($"--set '{text}': write fabric.FIELD=VALUE or prices.FIELD=VALUE");
            if (!fields.TryAdd(name[start..], value))
                throw new InputException($"--set {name}: is given twice");
        }

        return (fabric, prices);
    }
}
