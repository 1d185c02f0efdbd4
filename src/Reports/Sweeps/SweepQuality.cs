using System.Globalization;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>
/// Measured quality of a sweep's points: the table that <c>curve --csv</c> wrote for the sweep's model on its fabric. Each of its rows
/// changes one width and leaves all others as in the fabric, so a point takes a row when it differs from the described design in that width
/// alone. Every other point has no quality; nothing is guessed.
/// </summary>
internal sealed class SweepQuality
{
    private const string Head = "axis,bits,perplexity,perplexity_error,kl_divergence_nats,kl_divergence_error_nats,same_top_share";
    private const int MostBytes = 1 << 20;

    private readonly Dictionary<(string Axis, int Bits), double[]> _rows = [];
    private readonly string _model;
    private readonly Dictionary<string, int> _described;

    /// <summary>Reads the table.</summary>
    /// <param name="path">File.</param>
    /// <param name="model">Model of the sweep.</param>
    /// <param name="fabric">Fabric of the sweep as described.</param>
    /// <param name="weights">Weight format of the sweep as described.</param>
    /// <exception cref="InputException">It is no such table.</exception>
    public SweepQuality(string path, string model, FabricSpec fabric, string weights)
    {
        (_model, _described) = (model, Widths(fabric, weights));
        Text = RegularFile.ReadText(path, MostBytes, "a table of curve");
        var lines = Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines[0].TrimEnd('\r') != Head)
            throw new InputException($"{path}:1: is no table of 'curve --csv'; its first line is {Head}");
        for (var i = 1; i < lines.Length; i++)
        {
            var cells = lines[i].TrimEnd('\r').Split(',');
            var numbers = cells.Skip(1).Select(Number).ToArray();
            if (cells.Length != 7 || numbers.Any(n => !double.IsFinite(n)) || !_described.ContainsKey(cells[0]))
                throw new InputException($"{path}:{i + 1}: is no row of 'curve --csv'");
            _rows[(cells[0], (int)numbers[0])] = numbers;
        }
    }

    /// <summary>The table as it was read.</summary>
    public string Text { get; }

    /// <summary>Figures with the quality of the point, where it is known.</summary>
    public SweepFigures With(SweepFigures figures, string model, FabricSpec fabric, string weights)
    {
        if (model != _model)
            return figures;
        var widths = Widths(fabric, weights);
        var changed = widths.Where(w => _described[w.Key] != w.Value).ToList();
        if (changed.Count > 1)
            return figures;
        // The described design itself is a row of any axis.
        var row = (changed.Count == 1 ? changed : [.. widths])
            .Select(w => _rows.GetValueOrDefault((w.Key, w.Value)))
            .FirstOrDefault(r => r is not null);
        return row is null ? figures : figures with { Perplexity = row[1], KlDivergenceNats = row[3], SameTopShare = row[5] };
    }

    // By the names of the axes of curve; a format that is none of the fabric's own has no width there.
    private static Dictionary<string, int> Widths(FabricSpec fabric, string weights) =>
        new(StringComparer.Ordinal)
        {
            ["weights"] =
                weights.StartsWith("rom", StringComparison.Ordinal)
                && int.TryParse(weights.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
                    ? bits
                    : -1,
            ["activations"] = fabric.Numerics.ActivationBits,
            ["kv"] = fabric.Numerics.KvBits,
            ["accumulator"] = fabric.Bank.AccumulatorBits,
        };

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
