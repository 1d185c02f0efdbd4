using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Hub;

/// <summary>The files of a repository at one commit, as the Hub lists them and the cache keeps them.</summary>
internal static class HubTree
{
    private const int FormatVersion = 1;

    /// <summary>Reads a page of the Hub's list.</summary>
    /// <exception cref="InputException">It is malformed, or lists a path that leaves the folder.</exception>
    public static IEnumerable<HubFile> Page(JsonElement page, string name)
    {
        if (page.ValueKind != JsonValueKind.Array)
            throw new InputException($"{name}: the answer is no list of files; is this the endpoint of a Hub?");
        foreach (var entry in page.EnumerateArray())
        {
            if (Text(entry, "type") != "file")
                continue;
            var large = entry.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object ? lfs : (JsonElement?)null;
            yield return File(
                Text(entry, "path"),
                Number(large ?? entry, "size"),
                Text(entry, "oid"),
                large is { } l ? Text(l, "oid") : null,
                name
            );
        }
    }

    /// <summary>Reads the list that the cache keeps, or null when there is none.</summary>
    public static IReadOnlyList<HubFile>? Read(string path)
    {
        if (!System.IO.File.Exists(path))
            return null;
        try
        {
            return
            [
                .. JsonFile
                    .ReadObject(path)
                    .GetProperty("files")
                    .EnumerateObject()
                    .Select(entry =>
                        File(
                            entry.Name,
                            Number(entry.Value, entry.Value.TryGetProperty("lfs_size", out _) ? "lfs_size" : "size"),
                            Text(entry.Value, "blob_id"),
                            entry.Value.TryGetProperty("lfs_sha256", out _) ? Text(entry.Value, "lfs_sha256") : null,
                            path
                        )
                    ),
            ];
        }
        catch (Exception fault) when (fault is InputException or InvalidOperationException or KeyNotFoundException)
        {
            // A list that another program wrote otherwise is as good as none.
            return null;
        }
    }

    /// <summary>Writes the list for the cache.</summary>
    public static void Write(string path, IReadOnlyList<HubFile> files)
    {
        var list = new JsonObject();
        foreach (var file in files)
        {
            var entry = new JsonObject { ["size"] = file.Size, ["blob_id"] = file.GitId };
            if (file.Sha256 is { } sha256)
                (entry["lfs_sha256"], entry["lfs_size"]) = (sha256, file.Size);
            list[file.Path] = entry;
        }

        var root = new JsonObject { ["format_version"] = FormatVersion, ["files"] = list };
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(root.ToJsonString())));
    }

    private static HubFile File(string path, long size, string gitId, string? sha256, string name)
    {
        if (!RepositoryId.IsInside(path))
            throw new InputException($"{name}: lists the path {GgufFaults.Quote(path)}, which leaves its folder; nothing of it is fetched");
        if (!RepositoryId.IsDigest(gitId) || sha256 is { } own && (own.Length != 64 || !RepositoryId.IsDigest(own)) || size < 0)
            throw new InputException($"{name}: file {GgufFaults.Quote(path)}: size or digest is malformed; is this the endpoint of a Hub?");
        return new HubFile(path, size, gitId, sha256);
    }

    private static string Text(JsonElement entry, string key) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";

    private static long Number(JsonElement entry, string key) =>
        entry.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : -1;
}
