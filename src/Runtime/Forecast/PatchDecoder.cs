using TaalasSim.Compiler.TimesFm;

namespace TaalasSim.Runtime.Forecast;

/// <summary>Prefill of the context's patches, then one output patch after another.</summary>
/// <param name="model">Model.</param>
internal sealed class PatchDecoder(PatchModel model)
{
    private readonly TimesFmSizes _sizes = model.Sizes;

    /// <summary>Decodes one series.</summary>
    /// <param name="values">Context, whole patches.</param>
    /// <param name="masked">Points that the model does not see.</param>
    /// <param name="horizon">Points to decode, whole output patches.</param>
    /// <param name="backcast">Whether outputs of the context are asked for.</param>
    /// <param name="spread">Whether the quantile head is asked for.</param>
    /// <param name="cancel">Cancels.</param>
    public DecodedSeries Decode(double[] values, bool[] masked, int horizon, bool backcast, bool spread, CancellationToken cancel)
    {
        int patches = values.Length / _sizes.Patch,
            steps = (horizon - 1) / _sizes.OutputPatch;
        var statistics = Extend(default, values, masked);
        // A patch is masked when its last point is. That many are invisible, and positions count from behind them.
        var hidden = Enumerable.Range(1, patches).Count(i => masked[(i * _sizes.Patch) - 1]);
        // What no output that is read depends on need not be computed: of hidden patches without deviation the output is their mean.
        var first = backcast && statistics.Take(hidden).Any(s => s.Deviation > 0) ? 0 : Math.Min(hidden, patches - 1);
        var attention = model.NewAttention(Math.Max(0, patches - hidden) + (steps * _sizes.PatchesPerStep));

        var full = new double[horizon * TimesFmSizes.Columns];
        double[] quantiles = [],
            context = [];
        using (var x = model.Run(Tokens(values, masked, statistics, first), first - hidden, attention, cancel))
        {
            var last = statistics[^1];
            Restore(model.Points(x, patches - 1 - first, 1), last, full);
            if (spread)
                Restore(
                    model.Quantiles(x, patches - 1 - first),
                    last,
                    quantiles = new double[_sizes.QuantileHorizon * TimesFmSizes.Columns]
                );
            if (backcast)
                context = Backcast(model.Points(x, 0, patches - first), statistics, first);
        }

        for (var step = 0; step < steps; step++)
        {
            var next = Continue(full, step, statistics, patches - hidden, attention, cancel);
            next.CopyTo(full, (step + 1) * next.Length);
        }

        return new DecodedSeries(context, full, quantiles);
    }

    // The median of the last output patch is read as the next input patches; the output of the last of them is the next output patch.
    private double[] Continue(
        double[] full,
        int step,
        List<RunningStatistics> statistics,
        int position,
        PatchAttention attention,
        CancellationToken cancel
    )
    {
        var point = step * _sizes.OutputPatch;
        double[] values =
        [
            .. Enumerable.Range(point, _sizes.OutputPatch).Select(i => full[(i * TimesFmSizes.Columns) + TimesFmSizes.MedianColumn]),
        ];
        var visible = new bool[values.Length];
        var added = Extend(statistics[^1], values, visible);
        statistics.AddRange(added);
        using var x = model.Run(Tokens(values, visible, added, 0), position + (step * _sizes.PatchesPerStep), attention, cancel);
        var next = new double[_sizes.OutputPatch * TimesFmSizes.Columns];
        Restore(model.Points(x, _sizes.PatchesPerStep - 1, 1), added[^1], next);
        return next;
    }

    // Statistics after each patch.
    private List<RunningStatistics> Extend(RunningStatistics from, double[] values, bool[] masked)
    {
        var list = new List<RunningStatistics>();
        for (var at = 0; at < values.Length; at += _sizes.Patch)
            list.Add(from = from.With(values.AsSpan(at, _sizes.Patch), masked.AsSpan(at, _sizes.Patch)));
        return list;
    }

    // Each patch normalised by the statistics up to its own end, masked points as zero, then the mask.
    private float[] Tokens(double[] values, bool[] masked, List<RunningStatistics> statistics, int first)
    {
        var tokens = new float[(statistics.Count - first) * _sizes.TokenWidth];
        for (var i = first; i < statistics.Count; i++)
        {
            var token = tokens.AsSpan((i - first) * _sizes.TokenWidth, _sizes.TokenWidth);
            for (var j = 0; j < _sizes.Patch; j++)
            {
                var at = (i * _sizes.Patch) + j;
                token[j] = masked[at] ? 0 : (float)((values[at] - statistics[i].Mean) / statistics[i].Divisor);
                token[_sizes.Patch + j] = masked[at] ? 1 : 0;
            }
        }

        return tokens;
    }

    private double[] Backcast(float[] outputs, List<RunningStatistics> statistics, int first)
    {
        int taken = _sizes.Patch * TimesFmSizes.Columns,
            given = _sizes.OutputPatch * TimesFmSizes.Columns;
        var context = new double[(statistics.Count - 1) * taken];
        for (var i = 0; i < statistics.Count - 1; i++)
            if (i < first)
                Array.Fill(context, statistics[i].Mean, i * taken, taken);
            else
                Restore(outputs.AsSpan((i - first) * given, taken), statistics[i], context.AsSpan(i * taken));
        return context;
    }

    private static void Restore(ReadOnlySpan<float> outputs, RunningStatistics statistics, Span<double> values)
    {
        for (var i = 0; i < outputs.Length; i++)
            values[i] = (outputs[i] * statistics.Deviation) + statistics.Mean;
    }
}
