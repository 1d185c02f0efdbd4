using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Hub;

/// <summary>
/// The folder in which huggingface_hub keeps what it fetched, shared with it: blobs named by digest, snapshots of links to them, references
/// to commits, known absences, and locks.
/// </summary>
public sealed class HubCache
{
    private const string FolderPrefix = "models--";
    private const string Blobs = "blobs";
    private const string Snapshots = "snapshots";

    private readonly string _root;

    /// <summary>Opens the cache; the folder need not exist.</summary>
    public HubCache(string root) => _root = root;

    /// <summary>Folder of a repository.</summary>
    public string Folder(string repository) => Path.Combine(_root, FolderName(repository));

    /// <summary>Folder of a snapshot.</summary>
    public string Snapshot(string repository, string commit) => Path.Combine(Folder(repository), Snapshots, commit);

    /// <summary>Path of a file in a snapshot.</summary>
    public string SnapshotFile(string repository, string commit, string file) => Inside(Snapshot(repository, commit), file);

    /// <summary>Path of a blob.</summary>
    public string Blob(string repository, string digest) => Path.Combine(Folder(repository), Blobs, digest);

    /// <summary>Commit of a revision, as it was when it was last asked for; null when that was never.</summary>
    public string? Commit(string repository, string revision)
    {
        if (RepositoryId.IsCommit(revision))
            return Directory.Exists(Snapshot(repository, revision)) ? revision : null;
        var path = Inside(Path.Combine(Folder(repository), "refs"), revision);
        return File.Exists(path) && File.ReadAllText(path).Trim() is var commit && RepositoryId.IsCommit(commit) ? commit : null;
    }

    /// <summary>Notes which commit a branch or tag is.</summary>
    public void WriteReference(string repository, string revision, string commit)
    {
        Tag();
        if (!RepositoryId.IsCommit(revision))
            AtomicFile.WriteText(Inside(Path.Combine(Folder(repository), "refs"), revision), commit);
    }

    /// <summary>Files of a commit as the Hub listed them, or null.</summary>
    internal IReadOnlyList<HubFile>? Tree(string repository, string commit) => HubTree.Read(TreePath(repository, commit));

    /// <summary>Keeps the list of files of a commit.</summary>
    internal void WriteTree(string repository, string commit, IReadOnlyList<HubFile> files) =>
        HubTree.Write(TreePath(repository, commit), files);

    /// <summary>Files of a snapshot that are there, as paths with forward slashes.</summary>
    public IReadOnlyList<string> FilesOf(string repository, string commit)
    {
        var folder = Snapshot(repository, commit);
        return Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                    .Where(File.Exists)
                    .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
                    .Order(StringComparer.Ordinal),
            ]
            : [];
    }

    /// <summary>Notes that a commit has no such file.</summary>
    public void WriteAbsence(string repository, string commit, string file)
    {
        var path = Inside(Path.Combine(Folder(repository), ".no_exist", commit), file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, []);
    }

    /// <summary>Puts a blob into a snapshot: a relative link, or where links are not allowed the file itself.</summary>
    public string Link(string repository, string commit, string file, string digest)
    {
        var path = SnapshotFile(repository, commit, file);
        var blob = Blob(repository, digest);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var target = Path.GetRelativePath(folder, blob);
        if (new FileInfo(path).LinkTarget == target && File.Exists(path))
            return path;
        File.Delete(path);
        try
        {
            File.CreateSymbolicLink(path, target);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made the same link.
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            File.Copy(blob, path, overwrite: true);
        }

        return path;
    }

    /// <summary>Waits until no other process fetches the blob, and keeps others waiting until it is disposed.</summary>
    public async Task<IDisposable> LockAsync(string repository, string digest, CancellationToken cancel)
    {
        var path = Path.Combine(_root, ".locks", FolderName(repository), digest + ".lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                // Exclusive by flock, as Python's filelock.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancel).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Every repository, by name.</summary>
    public IReadOnlyList<CachedRepository> List() =>
        Directory.Exists(_root)
            ?
            [
                .. Directory
                    .EnumerateDirectories(_root, FolderPrefix + "*")
                    .Select(Describe)
                    .Where(r => r is not null)
                    .Select(r => r!)
                    .OrderBy(r => r.Name, StringComparer.Ordinal),
            ]
            : [];

    /// <summary>Removes a repository, or one revision of it with the blobs that no other uses.</summary>
    /// <returns>Bytes that became free.</returns>
    /// <exception cref="InputException">It is not in the cache.</exception>
    public long Remove(string repository, string? revision)
    {
        var folder = Folder(repository);
        if (!Directory.Exists(folder))
            throw new InputException(
                $"hf:{repository}: is not in the cache {_root}{NearestName.Hint(repository, List().Select(r => r.Name))} (./taalas "
                    + "list cache)"
            );
        var before = BytesOf(folder);
        if (revision is null)
        {
            Directory.Delete(folder, recursive: true);
            var locks = Path.Combine(_root, ".locks", FolderName(repository));
            if (Directory.Exists(locks))
                Directory.Delete(locks, recursive: true);
            return before;
        }

        RepositoryId.CheckRevision(revision);
        if (Commit(repository, revision) is not { } commit)
            throw new InputException($"hf:{repository}: revision {revision} is not in the cache {_root} (./taalas list cache)");
        RemoveSnapshot(repository, commit);
        return before - BytesOf(folder);
    }

    private void RemoveSnapshot(string repository, string commit)
    {
        var folder = Folder(repository);
        foreach (var path in (string[])[Snapshot(repository, commit), Path.Combine(folder, ".no_exist", commit)])
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
        if (TreePath(repository, commit) is var tree && File.Exists(tree))
            File.Delete(tree);
        var references = Path.Combine(folder, "refs");
        if (Directory.Exists(references))
            foreach (var path in Directory.EnumerateFiles(references, "*", SearchOption.AllDirectories).ToList())
                if (File.ReadAllText(path).Trim() == commit)
                    File.Delete(path);
        var snapshots = Path.Combine(folder, Snapshots);
        var used = Directory.Exists(snapshots)
            ? Directory
                .EnumerateFiles(snapshots, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetFileName(new FileInfo(path).LinkTarget ?? ""))
                .ToHashSet(StringComparer.Ordinal)
            : [];
        var blobs = Path.Combine(folder, Blobs);
        if (Directory.Exists(blobs))
            foreach (var blob in Directory.EnumerateFiles(blobs).Where(path => !used.Contains(Path.GetFileName(path))).ToList())
                File.Delete(blob);
    }

    private CachedRepository? Describe(string folder)
    {
        var name = Path.GetFileName(folder)[FolderPrefix.Length..].Replace("--", "/", StringComparison.Ordinal);
        var references = Path.Combine(folder, "refs");
        var revisions = Directory.Exists(references)
            ? Directory
                .EnumerateFiles(references, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(references, path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal)
                .ToList()
            : [];
        var snapshots = Path.Combine(folder, Snapshots);
        var files = Directory.Exists(snapshots) ? Directory.EnumerateFiles(snapshots, "*", SearchOption.AllDirectories).Count() : 0;
        return new CachedRepository(name, revisions, files, BytesOf(folder), folder);
    }

    private static long BytesOf(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => new FileInfo(path))
            .Where(file => file.LinkTarget is null)
            .Sum(file => file.Length);

    // Marks the folder for backup programs, as huggingface_hub does.
    private void Tag()
    {
        Directory.CreateDirectory(_root);
        var path = Path.Combine(_root, "CACHEDIR.TAG");
        if (!File.Exists(path))
            AtomicFile.WriteText(path, "Signature: 8a477f597d28d172789f06886806bc55\n# This file marks a cache directory.\n");
    }

    private string TreePath(string repository, string commit) => Path.Combine(Folder(repository), "trees", commit + ".json");

    private static string FolderName(string repository) => FolderPrefix + repository.Replace("/", "--", StringComparison.Ordinal);

    private static string Inside(string folder, string relative) =>
        RepositoryId.IsInside(relative)
            ? Path.Combine([folder, .. relative.Split('/')])
            : throw new InputException($"{Gguf.GgufFaults.Quote(relative)}: is a path that leaves its folder");
}
