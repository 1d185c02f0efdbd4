namespace TaalasSim.Reports.Validation;

/// <summary>How the predictions of one card and engine moved since a snapshot.</summary>
/// <param name="Group">Card and engine.</param>
/// <param name="Compared">Predictions that both snapshots have.</param>
/// <param name="Moved">Of these, those that moved by 0.2 % or more.</param>
/// <param name="MeanPct">Their mean move, %.</param>
/// <param name="LargestPct">Their largest move, %.</param>
/// <param name="Added">Models without predictions before.</param>
/// <param name="Gone">Models without predictions now.</param>
public sealed record SnapshotMove(string Group, int Compared, int Moved, double MeanPct, double LargestPct, int Added, int Gone);
