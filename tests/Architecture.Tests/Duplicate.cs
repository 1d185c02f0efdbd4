namespace TaalasSim.Architecture.Tests;

/// <summary>The same lines, or lines of the same shape, in two places.</summary>
/// <param name="First">Path of the file that comes first in ordinal order.</param>
/// <param name="FirstLine">Its first line of the run.</param>
/// <param name="Second">Path of the other file, or of the same.</param>
/// <param name="SecondLine">Its first line of the run.</param>
/// <param name="Lines">Length of the run, in lines that say something.</param>
internal sealed record Duplicate(string First, int FirstLine, string Second, int SecondLine, int Lines)
{
    /// <inheritdoc/>
    public override string ToString() => $"{First}:{FirstLine} and {Second}:{SecondLine}: {Lines} lines";
}
