namespace TaalasSim.Runtime.Rtl;

/// <summary>An instruction as it was executed.</summary>
/// <param name="Index">Place in the program.</param>
/// <param name="Position">Position of the token.</param>
/// <param name="Start">Cycle of its issue.</param>
public readonly record struct LoggedInstruction(int Index, int Position, long Start)
{
    /// <summary>Cycle from which the next may run; −1 while unknown.</summary>
    public long End { get; init; } = -1;
}
