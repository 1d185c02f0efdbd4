namespace TaalasSim.Cli.Tests.Fuzz;

/// <summary>A kind of input.</summary>
/// <param name="Seeds">Good inputs.</param>
/// <param name="Run">Gives an input to the program.</param>
/// <param name="IsText">Whether lines and numbers are changed as such.</param>
/// <param name="Head">Bytes at the start in which most changes fall; 0: everywhere alike.</param>
internal sealed record FuzzTarget(IReadOnlyList<byte[]> Seeds, Func<byte[], FuzzAnswer> Run, bool IsText, int Head = 0)
{
    /// <summary>Words that mean something in inputs of this kind.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The commands of a list in turn: which one, the input's bytes say, so that it is the same each time.</summary>
    public static string[] Choose(ReadOnlySpan<byte> input, params string[][] commands)
    {
        var sum = input.Length;
        foreach (var b in input)
            sum = unchecked((sum * 31) + b);
        return commands[(uint)sum % commands.Length];
    }
}
