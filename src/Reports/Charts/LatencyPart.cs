namespace TaalasSim.Reports.Charts;

/// <summary>Time of one part.</summary>
/// <param name="Name">Part in words, the same word in every stage.</param>
/// <param name="Seconds">Time that it adds to the token, 0 or more.</param>
public sealed record LatencyPart(string Name, double Seconds);
