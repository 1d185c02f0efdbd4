using System.Collections.Concurrent;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Reports.Traces;

/// <summary>
/// Times of a chip for traces, from the closed form that <c>compare</c> uses (<see cref="EvaluationInput.Speed"/>), remembered by users and
/// context. Between contexts that are an eighth of an octave apart times are interpolated; most are piecewise linear in the context.
/// </summary>
internal sealed class ChipTiming
{
    private const int KnotsOfOctave = 8;

    private readonly EvaluationInput _chip;
    private readonly double _factor;
    private readonly Func<int, double> _heat;
    private readonly ConcurrentDictionary<int, double> _clockFractions = new();
    private readonly int[] _knots;
    private readonly ConcurrentDictionary<int, double[]> _rounds = new();
    private readonly ConcurrentDictionary<int, double> _streams = new();
    private readonly double[] _tokens;
    private readonly double[] _intervals;

    /// <summary>Prepares a chip.</summary>
    /// <param name="chip">The chip; its model decodes token by token.</param>
    /// <param name="factor">Calibration factor on cycles.</param>
    /// <param name="clockFraction">Part of the nominal clock that the heat path allows for a number of users, above 0.</param>
    /// <param name="mostTokens">Longest context.</param>
    public ChipTiming(EvaluationInput chip, double factor, Func<int, double> clockFraction, int mostTokens)
    {
        (_chip, _factor, _heat) = (chip, factor, clockFraction);
        var knots = new List<int> { 1 };
        for (var k = 1; knots[^1] < mostTokens; k++)
            if ((int)Math.Round(Math.Pow(2, (double)k / KnotsOfOctave)) is var next && next > knots[^1])
                knots.Add(next);
        _knots = [.. knots];
        (_tokens, _intervals) = (Unknown(), Unknown());
    }

    /// <summary>One token through the chip when nothing is in the way, s.</summary>
    /// <param name="context">Attended positions.</param>
    public double Token(double context) => At(context, _tokens, c => Speed(c, 1).TokenSeconds.Value);

    /// <summary>Least time between two tokens: the busiest unit, s.</summary>
    /// <param name="context">Attended positions.</param>
    public double Interval(double context) => At(context, _intervals, c => Speed(c, 1).IntervalSeconds.Value);

    /// <summary>From token to token of one of this number of users, s.</summary>
    /// <param name="users">Users that decode, at least 1.</param>
    /// <param name="context">Attended positions of each.</param>
    public double Round(int users, double context) =>
        At(context, _rounds.GetOrAdd(users, _ => Unknown()), c => 1 / Speed(c, users).TokensPerSecondUser);

    /// <summary>Time by which the last token of a prompt on an idle chip comes in behind the first, s.</summary>
    /// <param name="prompt">Prompt tokens, at least 1.</param>
    public double Stream(int prompt) => _streams.GetOrAdd(prompt, n =>
        {
            var speed = _chip.Speed(new ServiceShape(n, 1), _factor);
            return speed.TimeToFirstTokenSeconds.Value - speed.TokenSeconds.Value;
        });

    /// <summary>Part of the nominal clock that the heat path allows when this number of users is served all the time, above 0 and at most
    /// 1. Times above are at the nominal clock.</summary>
    /// <param name="users">Users, at least 1.</param>
    public double ClockFraction(int users) => _clockFractions.GetOrAdd(users, _heat);

    private LatencyFigures Speed(int context, int users) => _chip.Speed(new ServiceShape(context, 1, users), _factor);

    private double[] Unknown()
    {
        var table = new double[_knots.Length];
        Array.Fill(table, double.NaN);
        return table;
    }

    // The mean context of a service with one answer token is half a position behind its prompt. Threads that meet here write the same.
    private double At(double context, double[] table, Func<int, double> seconds)
    {
        var position = context - 0.5;
        var after = Array.BinarySearch(_knots, (int)Math.Ceiling(position));
        after = Math.Clamp(after < 0 ? ~after : after, 0, _knots.Length - 1);
        if (after == 0 || position >= _knots[^1])
            return Known(after);
        var (from, to) = (_knots[after - 1], _knots[after]);
        var share = (position - from) / (to - from);
        return ((1 - share) * Known(after - 1)) + (share * Known(after));

        double Known(int knot)
        {
            if (double.IsNaN(table[knot]))
                table[knot] = seconds(_knots[knot]);
            return table[knot];
        }
    }
}
