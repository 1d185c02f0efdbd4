using ScottPlot;
using ScottPlot.TickGenerators;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Charts;

/// <summary>A decimal logarithmic axis: coordinates are logarithms, labels are the figures.</summary>
internal sealed record LogScale(double Low, double High)
{
    /// <summary>Widest axis drawn; beyond it labels would collide.</summary>
    private const double OneTwoFiveDecades = 2.6;

    /// <summary>An axis over positive figures with a margin of a fraction of its length at each end.</summary>
    public static LogScale Over(IEnumerable<double> figures, double margin = 0.1)
    {
        var logs = figures.Where(f => f > 0 && double.IsFinite(f)).Select(Math.Log10).DefaultIfEmpty(0).ToList();
        var (low, high) = (logs.Min(), logs.Max());
        var length = Math.Max(high - low, 0.5);
        var middle = (low + high) / 2;
        return new LogScale(middle - (length * (0.5 + margin)), middle + (length * (0.5 + margin)));
    }

    /// <summary>Labelled ticks: 1, 2, 5 on short axes, decades on long ones.</summary>
    public IReadOnlyList<(double At, string Label)> Ticks() => [.. All().Where(t => t.Label.Length > 0)];

    /// <summary>Sets an axis to the scale, with small ticks between the labelled ones.</summary>
    public void Apply(IAxis axis)
    {
        var ticks = new NumericManual();
        foreach (var (at, label) in All())
            if (label.Length > 0)
                ticks.AddMajor(at, label);
            else
                ticks.AddMinor(at);
        axis.TickGenerator = ticks;
        axis.Min = Low;
        axis.Max = High;
    }

    // Every digit of every decade; those without a label are small.
    private IEnumerable<(double At, string Label)> All()
    {
        var labelled = High - Low <= OneTwoFiveDecades ? new[] { 1, 2, 5 } : [1];
        var every = Math.Max(1, (int)Math.Ceiling((High - Low) / 8));
        for (var decade = (int)Math.Floor(Low); decade <= (int)Math.Ceiling(High); decade++)
        for (var digit = 1; digit <= 9; digit++)
        {
            var at = decade + Math.Log10(digit);
            if (at >= Low && at <= High)
                yield return (at, labelled.Contains(digit) && decade % every == 0 ? Label(digit * Math.Pow(10, decade)) : "");
        }
    }

    private static string Label(double figure) =>
        figure is >= 0.001 and < 1e6
            ? figure.ToString("#,0.###", System.Globalization.CultureInfo.InvariantCulture)
            : NumberText.Si(figure, "");
}
