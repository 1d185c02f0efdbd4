namespace TaalasSim.Architecture.Tests;

/// <summary>A place in a file that names another folder.</summary>
/// <param name="From">The file.</param>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Text">What is written there.</param>
/// <param name="To">The folder it names.</param>
internal sealed record Reference(SourceFile From, int Line, string Text, Folder To)
{
    /// <inheritdoc/>
    public override string ToString() => $"{From.Path}:{Line}: {Text}  ({From.Folder.Path} -> {To.Path})";
}
