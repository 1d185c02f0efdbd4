using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Evenly spaced numbers.</summary>
public sealed record SweepRange
{
    /// <summary>Most steps of a range.</summary>
    public const int MaximumSteps = 10_000;

    /// <summary>First value.</summary>
    [FieldRange(-1e300, 1e300, "*")]
    public required double From { get; init; }

    /// <summary>Last value.</summary>
    [FieldRange(-1e300, 1e300, "*")]
    public required double To { get; init; }

    /// <summary>Values, both ends included; 2…<see cref="MaximumSteps"/>.</summary>
    [FieldRange(2, MaximumSteps, "steps")]
    public required int Steps { get; init; }

    /// <summary>Equal ratios instead of equal differences; both ends must be above 0.</summary>
    public bool Log { get; init; }

    /// <summary>Rounded to whole numbers, each once. Ranges over integer fields are always rounded.</summary>
    public bool Whole { get; init; }

    /// <summary>The values as text with at most twelve significant digits, so that 0.1 + 0.2 is 0.3.</summary>
    public IReadOnlyList<string> Values()
    {
        var values = new string[Steps];
        for (var i = 0; i < Steps; i++)
        {
            var t = (double)i / (Steps - 1);
            var value =
                i == Steps - 1 ? To
                : Log ? From * Math.Pow(To / From, t)
                : From + ((To - From) * t);
            values[i] = Whole
                ? Math.Round(value, MidpointRounding.AwayFromZero).ToString("F0", CultureInfo.InvariantCulture)
                : value.ToString("G12", CultureInfo.InvariantCulture);
        }

        return Whole ? [.. values.Distinct(StringComparer.Ordinal)] : values;
    }
}
