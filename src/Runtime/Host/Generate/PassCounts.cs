namespace TaalasSim.Runtime.Host.Generate;

/// <summary>Counts of one decode by kind of pass.</summary>
/// <param name="Prefill">Of the prompt.</param>
/// <param name="Step">Of steps that reveal tokens.</param>
/// <param name="Commit">Of passes that write the keys and values of a finished block.</param>
public readonly record struct PassCounts(int Prefill, int Step, int Commit);
