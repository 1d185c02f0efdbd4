namespace TaalasSim.Reports.Charts;

/// <summary>One stage and its parts in the order in which they run.</summary>
/// <param name="Name">Stage in words, e.g. <c>one of 32 layers</c>.</param>
/// <param name="Parts">Parts in the order in which a token meets them.</param>
/// <param name="Count">How many such stages a token passes.</param>
public sealed record LatencyStage(string Name, IReadOnlyList<LatencyPart> Parts, int Count = 1)
{
    /// <summary>Time of one such stage, seconds.</summary>
    public double Seconds => Parts.Sum(p => p.Seconds);
}
