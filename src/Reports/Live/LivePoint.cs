using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Live;

/// <summary>What the controls of a page say.</summary>
public sealed record LivePoint
{
    /// <summary>Clock of the fabric, GHz, as written.</summary>
    public required string ClockGhz { get; init; }

    /// <summary>Code format of the weights.</summary>
    public required string Weights { get; init; }

    /// <summary>Rows of a bank.</summary>
    public required int BankRows { get; init; }

    /// <summary>Columns of a bank.</summary>
    public required int BankColumns { get; init; }

    /// <summary>Process.</summary>
    public required string Technology { get; init; }

    /// <summary>Users at full batch; 0 for as many as each system holds.</summary>
    public required int Users { get; init; }

    /// <summary>Prompt tokens per request.</summary>
    public required int InputTokens { get; init; }

    /// <summary>Answer tokens per request.</summary>
    public required int OutputTokens { get; init; }

    /// <summary>Price of electricity, USD/kWh, as written.</summary>
    public required string UsdPerKwh { get; init; }

    /// <summary>Share of the time under load, above 0 and at most 1.</summary>
    public required double Utilisation { get; init; }

    /// <summary>A point from lines <c>key=value</c>, one for each control.</summary>
    /// <exception cref="InputException">A line is missing or its value is no number.</exception>
    public static LivePoint Parse(string lines)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (line.Split('=', 2) is [var key, var value])
                values[key] = value;
        string Text(string key) => values.TryGetValue(key, out var text) ? text : throw new InputException($"the page has no {key}");
        int Whole(string key) =>
            int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new InputException($"{key}: '{Text(key)}' is no whole number");
        return new LivePoint
        {
            ClockGhz = Text(LiveControls.Clock),
            Weights = Text(LiveControls.Weights),
            BankRows = Whole(LiveControls.BankRows),
            BankColumns = Whole(LiveControls.BankColumns),
            Technology = Text(LiveControls.Technology),
            Users = Whole(LiveControls.Users),
            InputTokens = Whole(LiveControls.InputTokens),
            OutputTokens = Whole(LiveControls.OutputTokens),
            UsdPerKwh = Text(LiveControls.UsdPerKwh),
            Utilisation = double.TryParse(Text(LiveControls.Utilisation), NumberStyles.Float, CultureInfo.InvariantCulture, out var share)
                ? share
                : throw new InputException($"{LiveControls.Utilisation}: '{Text(LiveControls.Utilisation)}' is no number"),
        };
    }
}
