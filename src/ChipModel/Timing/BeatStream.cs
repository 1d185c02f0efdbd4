namespace TaalasSim.ChipModel.Timing;

/// <summary>Sums of output segments on their way to the lanes: one beat of a link's width a cycle.</summary>
/// <param name="First">Cycle in which the first beat comes to the links.</param>
/// <param name="Beats">Beats of a segment, one a cycle.</param>
/// <param name="Segments">Segments whose beats come side by side; a part of one where experts are chosen or dies share.</param>
public readonly record struct BeatStream(double First, double Beats, double Segments)
{
    private const double Rounding = 1e-9;

    /// <summary>Cycle after the one in which the last beat passes the links.</summary>
    /// <remarks>Links serve segments in turn, at most one beat of each a cycle, so segments that have a beat share the links evenly: a
    /// segment that is longer than the others ends at a beat a cycle, and the other links are idle then. Shares are taken as fractions
    /// of a beat; turns of whole beats end in the same cycle or the one before or after.</remarks>
    /// <param name="streams">Streams, at least one.</param>
    /// <param name="beatsPerCycle">Beats that the links pass in a cycle.</param>
    public static double End(ReadOnlySpan<BeatStream> streams, double beatsPerCycle)
    {
        Span<double> left = streams.Length <= 128 ? stackalloc double[streams.Length] : new double[streams.Length];
        var now = double.PositiveInfinity;
        for (var i = 0; i < streams.Length; i++)
            (left[i], now) = (streams[i].Beats, Math.Min(now, streams[i].First));
        while (true)
        {
            var (segments, shortest, next) = (0.0, double.PositiveInfinity, double.PositiveInfinity);
            for (var i = 0; i < streams.Length; i++)
                if (streams[i].First > now + Rounding)
                    next = Math.Min(next, streams[i].First);
                else if (left[i] > Rounding)
                    (segments, shortest) = (segments + streams[i].Segments, Math.Min(shortest, left[i]));
            if (segments == 0 && double.IsInfinity(next))
                return Math.Ceiling(now - Rounding);
            var rate = segments == 0 ? 0 : Math.Min(1, beatsPerCycle / segments);
            var step = segments == 0 ? next - now : Math.Min(shortest / rate, next - now);
            for (var i = 0; i < streams.Length; i++)
                if (streams[i].First <= now + Rounding && left[i] > Rounding)
                    left[i] -= rate * step;
            now += step;
        }
    }
}
