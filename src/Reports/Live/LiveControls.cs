using System.Globalization;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.Compiler.Quantize;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Pages;

namespace TaalasSim.Reports.Live;

/// <summary>The controls of a page and the values that each takes.</summary>
public static class LiveControls
{
    internal const string Clock = "clock_ghz",
        Weights = "weights",
        BankRows = "bank_rows",
        BankColumns = "bank_columns",
        Technology = "technology",
        Users = "users",
        InputTokens = "input_tokens",
        OutputTokens = "output_tokens",
        UsdPerKwh = "usd_per_kwh",
        Utilisation = "utilisation";

    private static readonly int[] Lengths = [16, 32, 64, 128, 250, 500, 1000, 1500, 2000, 3000, 4000, 6000, 8000, 16000, 32000, 64000];

    private static readonly int[] Sizes = [64, 128, 256, 512, 1024, 2048];

    /// <summary>Controls of a design.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="design">Design.</param>
    public static IReadOnlyList<LiveControl> Of(DesignLibrary library, LiveDesign design)
    {
        var fabric = library.Fabric(design.Fabric);
        var model = library.Shape(design.Model);
        var longest = model.ContextLength > 0 ? model.ContextLength : int.MaxValue;
        var lengths = Lengths.Where(n => n < longest).ToList();
        return
        [
            Numbers(Clock, "clock (GHz)", Enumerable.Range(8, 35).Select(n => n * 0.05), fabric.ClockGhz),
            Chosen(Weights, "weights", Alike(design.Weights), design.Weights, []),
            Numbers(BankRows, "rows of a bank", Sizes.Select(n => (double)n), fabric.Bank.Rows),
            Numbers(BankColumns, "columns of a bank", Sizes.Select(n => (double)n), fabric.Bank.Columns),
            Processes(library, fabric),
            Chosen(
                Users,
                "users at full batch",
                ["0", "1", "2", "4", "8", "16", "32", "64", "128", "256", "512"],
                "0",
                ["as many as each holds", "1", "2", "4", "8", "16", "32", "64", "128", "256", "512"]
            ),
            Numbers(InputTokens, "prompt tokens", lengths.Select(n => (double)n), design.InputTokens),
            Numbers(OutputTokens, "answer tokens", lengths.Select(n => (double)n), design.OutputTokens),
            Numbers(
                UsdPerKwh,
                "electricity (USD/kWh)",
                Enumerable.Range(1, 20).Select(n => n * 0.02),
                library.Prices().ElectricityUsdPerKwh
            ),
            Numbers(Utilisation, "share of the time under load", Enumerable.Range(1, 20).Select(n => n * 0.05), design.Utilisation),
        ];
    }

    /// <summary>A number as the command line takes it.</summary>
    internal static string Text(double value) => Math.Round(value, 9).ToString("0.#########", CultureInfo.InvariantCulture);

    private static LiveControl Processes(DesignLibrary library, FabricSpec fabric)
    {
        // By the size of their features, as the names have it.
        var names = library.Names("technology").OrderByDescending(Nanometres).ThenBy(n => n, StringComparer.Ordinal).ToList();
        return Chosen(Technology, "process", names, fabric.Technology, [.. names.Select(n => library.Technology(n).Name)]);
    }

    // Formats of the same family, such as those of a fabric's own codes, by their bits.
    private static List<string> Alike(string format) =>
        [.. ChooseCodeFormats.Encodable.Where(f => Letters(f.Name) == Letters(format)).OrderBy(f => f.BitsPerWeight).Select(f => f.Name)];

    private static string Letters(string name) => string.Concat(name.TakeWhile(char.IsAsciiLetter));

    private static int Nanometres(string name)
    {
        var digits = string.Concat(name.Where(char.IsAsciiDigit));
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0;
    }

    // The value of the report is among them, whatever the grid.
    private static LiveControl Numbers(string key, string label, IEnumerable<double> grid, double start)
    {
        var values = grid.Append(start).Order().Select(Text).Distinct(StringComparer.Ordinal).ToList();
        return new LiveControl(key, label, values, values.IndexOf(Text(start)), []);
    }

    private static LiveControl Chosen(string key, string label, IReadOnlyList<string> values, string start, IReadOnlyList<string> words)
    {
        var all = values.Contains(start, StringComparer.Ordinal) ? values : [start, .. values];
        return new LiveControl(key, label, all, all.ToList().IndexOf(start), all.Count == words.Count ? words : []);
    }
}
