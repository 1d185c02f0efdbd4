using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Evenly spaced numbers.</summary>
public sealed record SweepRange
{
    /// <summary>Most steps of a range.</summary>
    public const int MaximumSteps = 10_000;

    /// <summary>First value.</summary>
    [FieldRange(-1e15, 1e15, "*")]
    public required double From { get; init; }

    /// <summary>Last value.</summary>
    [FieldRange(-1e15, 1e15, "*")]
    public required double To { get; init; }

    /// <summary>Values, both ends included; 2…<see cref="MaximumSteps"/>. A grid needs it; in random designs it is left out where any value
    /// between the ends will do.</summary>
    [FieldRange(2, MaximumSteps, "steps")]
    public int? Steps { get; init; }

    /// <summary>Equal ratios instead of equal differences; both ends must be above 0.</summary>
    public bool Log { get; init; }

    /// <summary>Rounded to whole numbers, each once. Ranges over integer fields are always rounded.</summary>
    public bool Whole { get; init; }

    /// <summary>The values as text with at most twelve significant digits, so that 0.1 + 0.2 is 0.3.</summary>
    public IReadOnlyList<string> Values()
    {
        var steps = Steps ?? throw new InvalidOperationException("a range without steps is no list of values");
        var values = new string[steps];
        for (var i = 0; i < steps; i++)
            values[i] = Text(i == steps - 1 ? To : At((double)i / (steps - 1)));
        return Whole ? [.. values.Distinct(StringComparer.Ordinal)] : values;
    }

    /// <summary>The value at a place between the ends.</summary>
    /// <param name="place">In [0, 1). Whole numbers between the ends, both included, take equal parts of it, unless the range is
    /// logarithmic.</param>
    public string Between(double place)
    {
        if (!Whole || Log)
            return Text(At(place));
        var (low, high) = (Math.Ceiling(Math.Min(From, To)), Math.Floor(Math.Max(From, To)));
        return Text(Math.Min(high, low + Math.Floor(place * (high - low + 1))));
    }

    private double At(double t) => Log ? From * Math.Pow(To / From, t) : From + ((To - From) * t);

    private string Text(double value) =>
        Whole
            ? Math.Round(value, MidpointRounding.AwayFromZero).ToString("F0", CultureInfo.InvariantCulture)
            : value.ToString("G12", CultureInfo.InvariantCulture);
}
