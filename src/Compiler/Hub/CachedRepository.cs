namespace TaalasSim.Compiler.Hub;

/// <summary>A repository in the cache.</summary>
/// <param name="Name">Its name, <c>user/name</c>.</param>
/// <param name="Revisions">Branches and tags that were asked for.</param>
/// <param name="Files">Files of all snapshots.</param>
/// <param name="Bytes">Bytes on disk.</param>
/// <param name="Folder">Its folder.</param>
public sealed record CachedRepository(string Name, IReadOnlyList<string> Revisions, int Files, long Bytes, string Folder);
