namespace TaalasSim.Compiler.Hub;

/// <summary>The files of a model in the cache.</summary>
/// <param name="Repository">Repository.</param>
/// <param name="Commit">Commit.</param>
/// <param name="Folder">Folder of the snapshot.</param>
/// <param name="Files">Paths of the files, the one to open first.</param>
/// <param name="Bytes">Bytes of the files.</param>
/// <param name="Fetched">Bytes that were fetched.</param>
/// <param name="Notes">What the user should know, one line each.</param>
public sealed record HubSnapshot(
    string Repository,
    string Commit,
    string Folder,
    IReadOnlyList<string> Files,
    long Bytes,
    long Fetched,
    IReadOnlyList<string> Notes
)
{
    /// <summary>What a command opens: the first GGUF file, the only file that was asked for, or the folder.</summary>
    public string ModelPath => Files.Count == 1 || ChooseHubFiles.IsModel(Files[0].Replace('\\', '/')) ? Files[0] : Folder;
}
