using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Hub;

/// <summary>Brings the files of a model from the Hub into the cache; where the Hub cannot be reached, what the cache has is used.</summary>
public sealed class PullModel
{
    private const int MostPages = 1000;

    private readonly HubReference _reference;
    private readonly HubEnvironment _environment;
    private readonly HubCache _cache;
    private readonly HubClient _client;
    private readonly Action<HubProgress> _progress;

    private PullModel(HubReference reference, HubEnvironment environment, HubClient client, Action<HubProgress> progress)
    {
        (_reference, _environment, _client, _progress) = (reference, environment, client, progress);
        _cache = new HubCache(environment.Cache);
    }

    private string Repository => _reference.Repository;

    private string Name => $"hf:{Repository}";

    /// <summary>Pulls.</summary>
    /// <param name="reference">Model, revision and file.</param>
    /// <param name="environment">Endpoint, cache and token.</param>
    /// <param name="progress">Called as content arrives.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">The model cannot be had; the message says why and what to do.</exception>
    public static async Task<HubSnapshot> RunAsync(
        HubReference reference,
        HubEnvironment environment,
        Action<HubProgress>? progress = null,
        CancellationToken cancel = default
    )
    {
        RepositoryId.Check(reference.Repository);
        RepositoryId.CheckRevision(reference.Revision);
        if (reference.File is { } file && !RepositoryId.IsInside(file))
            throw new InputException($"--file {GgufFaults.Quote(file)}: give a path inside the repository, with forward slashes");
        using var client = new HubClient(environment);
        var pull = new PullModel(reference, environment, client, progress ?? (_ => { }));
        if (environment.OfflineBy is { } variable)
            return pull.FromCache($"offline mode is on ({variable})", null);
        try
        {
            return await pull.FromHubAsync(cancel).ConfigureAwait(false);
        }
        catch (HubUnreachableException fault)
        {
            return pull.FromCache(fault.Message, fault);
        }
    }

    private async Task<HubSnapshot> FromHubAsync(CancellationToken cancel)
    {
        // With a copy at hand one try is enough.
        var known = _cache.Commit(Repository, _reference.Revision);
        var tries = known is null ? HubClient.Tries : 1;
        var commit = await CommitAsync(tries, cancel).ConfigureAwait(false);
        var files = _cache.Tree(Repository, commit) ?? await TreeAsync(commit, tries, cancel).ConfigureAwait(false);
        var byPath = new Dictionary<string, HubFile>(StringComparer.Ordinal);
        foreach (var file in files)
            if (!byPath.TryAdd(file.Path, file))
                throw new InputException($"{Name}: the Hub lists {GgufFaults.Quote(file.Path)} twice; nothing of it is fetched");
        if (_reference.File is { } asked && !byPath.ContainsKey(asked))
            _cache.WriteAbsence(Repository, commit, asked);
        var chosen = ChooseHubFiles.From(_reference, [.. files.Select(f => f.Path)]).Select(path => byPath[path]).ToList();
        var download = new HubDownload(_client, _environment, _cache, Repository, commit, _progress);
        var paths = new List<string>();
        foreach (var file in chosen)
            paths.Add(await download.GetAsync(file, cancel).ConfigureAwait(false));
        _cache.WriteReference(Repository, _reference.Revision, commit);
        return new HubSnapshot(
            Repository,
            commit,
            _cache.Snapshot(Repository, commit),
            paths,
            chosen.Sum(f => f.Size),
            download.Fetched,
            _client.Notes
        );
    }

    private async Task<string> CommitAsync(int tries, CancellationToken cancel)
    {
        var address = _client.At($"api/models/{Repository}/revision/{Uri.EscapeDataString(_reference.Revision)}");
        var (body, _) = await _client.GetAsync(address, Name, Repository, tries, cancel).ConfigureAwait(false);
        var info = Parse(body, address);
        return
            info.ValueKind == JsonValueKind.Object
            && info.TryGetProperty("sha", out var sha)
            && sha.ValueKind == JsonValueKind.String
            && RepositoryId.IsCommit(sha.GetString()!)
            ? sha.GetString()!
            : throw new InputException(
                $"{Name}: {_environment.Endpoint.Authority} names no commit, so it is not the endpoint of a Hub; check HF_ENDPOINT"
            );
    }

    private async Task<IReadOnlyList<HubFile>> TreeAsync(string commit, int tries, CancellationToken cancel)
    {
        var files = new List<HubFile>();
        var address = _client.At($"api/models/{Repository}/tree/{commit}?recursive=true");
        for (var page = 0; page < MostPages; page++)
        {
            var (body, next) = await _client.GetAsync(address, Name, Repository, tries, cancel).ConfigureAwait(false);
            files.AddRange(HubTree.Page(Parse(body, address), Name));
            if (next is null)
                break;
            // The list of one repository stays at the endpoint.
            if (
                !Uri.TryCreate(address, next, out var following)
                || following.Authority != address.Authority
                || following.Scheme != address.Scheme
            )
                throw new InputException($"{Name}: the Hub's list goes on at another host; nothing of it is fetched");
            address = following;
        }

        _cache.WriteTree(Repository, commit, files);
        return files;
    }

    private JsonElement Parse(byte[] body, Uri address)
    {
        try
        {
            return JsonFile.Parse(body, address.AbsolutePath);
        }
        catch (InputException)
        {
            throw new InputException(
                $"{Name}: {_environment.Endpoint.Authority} answers with something else than JSON, so it is not the endpoint of a Hub; "
                    + "check HF_ENDPOINT"
            );
        }
    }

    private HubSnapshot FromCache(string why, Exception? fault)
    {
        var at = $"{Repository}{(_reference.File is { } f ? "/" + f : "")}@{_reference.Revision}";
        if (_cache.Commit(Repository, _reference.Revision) is not { } commit)
            throw new InputException(
                fault is null ? $"{Name}: not in local cache, and {why}: {at}" : $"{why}; {at} is not in the cache either",
                fault
            );
        var there = _cache.FilesOf(Repository, commit);
        var chosen = ChooseHubFiles.From(_reference, _cache.Tree(Repository, commit) is { } tree ? [.. tree.Select(t => t.Path)] : there);
        var missing = chosen.Except(there, StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
            throw new InputException(
                $"{Name}: {string.Join(", ", missing.Take(8).Select(GgufFaults.Quote))} of {at} {(missing.Count == 1 ? "is" : "are")} "
                    + $"not in local cache, and {why}",
                fault
            );
        string[] paths = [.. chosen.Select(path => _cache.SnapshotFile(Repository, commit, path))];
        return new HubSnapshot(
            Repository,
            commit,
            _cache.Snapshot(Repository, commit),
            paths,
            paths.Sum(path => new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path).Length),
            0,
            fault is null ? [] : [$"{why}; the copy in the cache is used"]
        );
    }
}
