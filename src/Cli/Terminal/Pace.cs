using TaalasSim.ChipModel.Units;

namespace TaalasSim.Cli.Terminal;

/// <summary>How fast a long job of equal parts goes, and how long it still takes. What was done before it began does not count.</summary>
/// <param name="parts">Parts of the whole job.</param>
/// <param name="name">What the parts are, in the plural.</param>
/// <param name="clock">Clock.</param>
internal sealed class Pace(int parts, string name, TimeProvider clock)
{
    // Before that a rate says nothing.
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(2);

    private readonly long _began = clock.GetTimestamp();
    private double? _before;

    /// <summary>Rate and time left, e.g. <c>, 4,200 points/s, 3 min left</c>; empty while they are not known.</summary>
    /// <param name="done">Share of the parts that is done, 0…1; the first call tells what was done before.</param>
    public string Text(double done)
    {
        var before = _before ??= done;
        var elapsed = clock.GetElapsedTime(_began);
        if (elapsed < Warming || done <= before)
            return "";
        var rate = (done - before) * parts / elapsed.TotalSeconds;
        return $", {NumberText.Significant(rate)} {name}/s, {Left((1 - done) * parts / rate)} left";
    }

    private static string Left(double seconds) =>
        seconds < 100 ? FormattableString.Invariant($"{Math.Ceiling(seconds):0} s")
        : seconds < 6000 ? FormattableString.Invariant($"{Math.Ceiling(seconds / 60):0} min")
        : FormattableString.Invariant($"{seconds / 3600:0.0} h");
}
