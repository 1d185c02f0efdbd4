namespace TaalasSim.Reports.Traces;

/// <summary>What traces are replayed on.</summary>
/// <param name="Gpus">GPUs beside the chip, <c>CARD[:ENGINE[:WEIGHTS[:CARDS]]]</c>; may be empty.</param>
/// <param name="Pairs">Whether each GPU is also paired with the chip.</param>
/// <param name="Replicas">Numbers of equal systems, each at least 1.</param>
public sealed record TraceSystems(IReadOnlyList<string> Gpus, bool Pairs, IReadOnlyList<int> Replicas);
