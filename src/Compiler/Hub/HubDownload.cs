using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Hub;

/// <summary>
/// Fetches one file into the cache. Content arrives under a name of its own beside the blobs, goes on after an interruption where it
/// stopped, also one of an earlier run, and gets the blob's name when its size and digest are right.
/// </summary>
internal sealed class HubDownload
{
    private const string Partial = ".incomplete";

    /// <summary>Bytes that must arrive before the count of tries begins again: a server that always cuts must not keep a client for
    /// ever.</summary>
    private const long Progress = 10 << 20;

    private const int BufferBytes = 1 << 18;
    private const int DiskFull = 28;

    private readonly HubClient _client;
    private readonly HubEnvironment _environment;
    private readonly HubCache _cache;
    private readonly string _repository;
    private readonly string _commit;
    private readonly Action<HubProgress> _progress;

    /// <summary>Prepares downloads of one commit.</summary>
    public HubDownload(
        HubClient client,
        HubEnvironment environment,
        HubCache cache,
        string repository,
        string commit,
        Action<HubProgress> progress
    ) => (_client, _environment, _cache, _repository, _commit, _progress) = (client, environment, cache, repository, commit, progress);

    /// <summary>Bytes that were fetched.</summary>
    public long Fetched { get; private set; }

    /// <summary>Makes a file of the snapshot; what the cache has is not fetched again.</summary>
    /// <returns>Path in the snapshot.</returns>
    /// <exception cref="InputException">The Hub refuses, the content is wrong, or the disk is full.</exception>
    /// <exception cref="HubUnreachableException">The Hub does not answer as it should.</exception>
    public async Task<string> GetAsync(HubFile file, CancellationToken cancel)
    {
        var blob = _cache.Blob(_repository, file.Digest);
        if (!IsComplete(blob, file))
        {
            using var held = await _cache.LockAsync(_repository, file.Digest, cancel).ConfigureAwait(false);
            if (!IsComplete(blob, file))
                await FetchAsync(file, blob, cancel).ConfigureAwait(false);
        }

        return _cache.Link(_repository, _commit, file.Path, file.Digest);
    }

    private static bool IsComplete(string blob, HubFile file) => File.Exists(blob) && new FileInfo(blob).Length == file.Size;

    private string What(HubFile file) => $"hf:{_repository}/{GgufFaults.Quote(file.Path)[1..^1]}";

    private async Task FetchAsync(HubFile file, string blob, CancellationToken cancel)
    {
        _client.RefuseOffline(What(file));
        var folder = Path.GetDirectoryName(blob)!;
        Directory.CreateDirectory(folder);
        var partial = Adopt(folder, file);
        RefuseFullDisk(folder, file, partial);
        for (var round = 1; ; round++)
        {
            await FillAsync(file, partial, cancel).ConfigureAwait(false);
            var found = await DigestAsync(partial, file, cancel).ConfigureAwait(false);
            if (found == file.Digest)
                break;
            File.Delete(partial);
            if (round == 2)
                throw new InputException(
                    $"{What(file)}: the content is corrupt: its {(file.Sha256 is null ? "git hash" : "sha256")} is {found}, the Hub "
                        + $"says {file.Digest}; nothing was kept: try again, or tell the owner of the repository"
                );
            partial = New(folder, file);
        }

        File.Move(partial, blob, overwrite: true);
    }

    // The largest partial file of an interrupted run; the lock says that no one writes it.
    private static string Adopt(string folder, HubFile file)
    {
        var found = Directory
            .EnumerateFiles(folder, $"{file.Digest}.*{Partial}")
            .Select(path => new FileInfo(path))
            .Where(info => info.Length <= file.Size)
            .OrderByDescending(info => info.Length)
            .ToList();
        foreach (var other in found.Skip(1))
            other.Delete();
        return found.Count > 0 ? found[0].FullName : New(folder, file);
    }

    private static string New(string folder, HubFile file) => Path.Combine(folder, $"{file.Digest}.{Random.Shared.Next():x8}{Partial}");

    private void RefuseFullDisk(string folder, HubFile file, string partial)
    {
        var missing = file.Size - (File.Exists(partial) ? new FileInfo(partial).Length : 0);
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < missing)
            throw Full(file, $"{NumberText.Si(missing, "B")} are needed, {NumberText.Si(free, "B")} are free");
    }

    private InputException Full(HubFile file, string why) =>
        new(
            $"{What(file)}: the disk is full: {why} at {_cache.Folder(_repository)}; free some (./taalas cache rm), or set HF_HOME to "
                + "another disk; what has arrived is kept"
        );

    private async Task FillAsync(HubFile file, string partial, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = File.Exists(partial) ? new FileInfo(partial).Length : 0;
            if (before == file.Size && (before > 0 || File.Exists(partial)))
                return;
            Exception fault;
            TimeSpan? wait = null;
            try
            {
                var outcome = await PartAsync(file, partial, before, cancel).ConfigureAwait(false);
                if (outcome is null && new FileInfo(partial).Length == file.Size)
                    return;
                (fault, wait) = outcome ?? (new HubUnreachableException($"{What(file)}: the connection ended before the content"), null);
            }
            catch (IOException full) when ((full.HResult & 0xFFFF) is DiskFull or 112)
            {
                throw Full(file, "no space is left");
            }
            catch (Exception broken) when (HubClient.IsBroken(broken, cancel))
            {
                fault = _client.Unreachable(What(file), broken);
            }

            var now = File.Exists(partial) ? new FileInfo(partial).Length : 0;
            if (now - before >= Progress)
                attempt = 0;
            if (attempt >= HubClient.Tries)
                throw fault;
            await _client.WaitAsync(Math.Max(1, attempt), wait, cancel).ConfigureAwait(false);
        }
    }

    // A part of the content; a fault that may pass, or null when the part arrived.
    private async Task<(Exception Fault, TimeSpan? Wait)?> PartAsync(HubFile file, string partial, long have, CancellationToken cancel)
    {
        var address = _client.At($"{_repository}/resolve/{_commit}/{string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))}");
        using var answer = await _client.SendAsync(address, have, What(file), cancel).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            File.Delete(partial);
            return (new HubUnreachableException($"{What(file)}: the Hub has no content from byte {have} on"), null);
        }

        if (!answer.IsSuccessStatusCode)
        {
            var fault = HubAnswer.Fault(answer, What(file), _repository, _environment);
            // The signed address of the storage expires: the Hub gives a new one.
            var expired = answer.StatusCode == HttpStatusCode.Forbidden && HubAnswer.Text(answer, "X-Error-Code") is null;
            return HubAnswer.IsTransient(answer.StatusCode) || expired ? (fault, HubAnswer.WaitAsked(answer)) : throw fault;
        }

        CheckAnswer(answer, file);
        var resumed = answer.StatusCode == HttpStatusCode.PartialContent;
        if (
            resumed
            && answer.Content.Headers.ContentRange is { } range
            && (range.From != have || (range.HasLength && range.Length != file.Size))
        )
        {
            File.Delete(partial);
            return (new HubUnreachableException($"{What(file)}: the Hub answered with another range than was asked for"), null);
        }

        await CopyAsync(answer, file, partial, resumed ? have : 0, cancel).ConfigureAwait(false);
        return null;
    }

    private void CheckAnswer(HttpResponseMessage answer, HubFile file)
    {
        if (HubAnswer.Text(answer, "X-Repo-Commit") is not { } commit || !RepositoryId.IsCommit(commit))
            throw new InputException(
                $"{What(file)}: {_environment.Endpoint.Authority} names no commit (X-Repo-Commit), so it is not the endpoint of a Hub; "
                    + "check HF_ENDPOINT"
            );
        if (commit != _commit || (HubAnswer.Tag(answer) is { } tag && RepositoryId.IsDigest(tag) && tag != file.Digest))
            throw new InputException($"{What(file)}: the Hub now has other content than it listed; try again");
        if (
            HubAnswer.Text(answer, "X-Linked-Size") is { } size
            && long.TryParse(size, CultureInfo.InvariantCulture, out var bytes)
            && bytes != file.Size
        )
            throw new InputException($"{What(file)}: the Hub gives {bytes} bytes, but listed {file.Size}; try again");
    }

    private async Task CopyAsync(HttpResponseMessage answer, HubFile file, string partial, long from, CancellationToken cancel)
    {
        using var target = new FileStream(
            partial,
            from > 0 ? FileMode.Open : FileMode.Create,
            FileAccess.Write,
            FileShare.Read,
            bufferSize: 1
        );
        target.SetLength(from);
        target.Position = from;
        using var source = await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        var buffer = new byte[BufferBytes];
        var (watch, at) = (Stopwatch.StartNew(), from);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        while (true)
        {
            limit.CancelAfter(_environment.Silence);
            var count = await source.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
            if (count == 0)
                break;
            if ((at += count) > file.Size)
                throw new InputException($"{What(file)}: the Hub sends more than the {file.Size} bytes that it listed; nothing was kept");
            await target.WriteAsync(buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
            Fetched += count;
            _progress(new HubProgress(file.Path, at, file.Size, (at - from) / Math.Max(1e-3, watch.Elapsed.TotalSeconds)));
        }

        target.Flush(flushToDisk: true);
    }

    private static async Task<string> DigestAsync(string path, HubFile file, CancellationToken cancel)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        if (file.Sha256 is not null)
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancel).ConfigureAwait(false));
        // Git names its entries by SHA-1; it guards against accidents, not attackers.
#pragma warning disable CA5350
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        sha.AppendData(System.Text.Encoding.ASCII.GetBytes($"blob {stream.Length.ToString(CultureInfo.InvariantCulture)}\0"));
        var buffer = new byte[BufferBytes];
        for (int count; (count = await stream.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0; )
            sha.AppendData(buffer, 0, count);
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}
