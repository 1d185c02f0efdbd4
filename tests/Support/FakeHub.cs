using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace TaalasSim.Support;

/// <summary>A Hub on two loopback ports of this process: the Hub itself, and the storage to which it sends requests for large
/// files.</summary>
public sealed class FakeHub : IDisposable
{
    /// <summary>The one token that is known.</summary>
    public const string Token = "hf_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    /// <summary>Bytes from which a file is in large-file storage.</summary>
    public const int LargeFrom = 1000;

    private readonly HttpListener _listener;
    private readonly int _hub;
    private readonly int _storage;
    private readonly ConcurrentQueue<Request> _log = new();
    private readonly Task _loop;

    /// <summary>Starts it.</summary>
    public FakeHub()
    {
        (_listener, _hub, _storage) = Listen();
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>A request that arrived.</summary>
    /// <param name="AtStorage">Whether at the storage's port.</param>
    /// <param name="Path">Path, not quoted.</param>
    /// <param name="Authorization">Its token, or null.</param>
    /// <param name="Range">Its range, or null.</param>
    public sealed record Request(bool AtStorage, string Path, string? Authorization, string? Range);

    /// <summary>Files of a/b, the one repository; its name in other forms moves there or is absent.</summary>
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Further entries of the list of files.</summary>
    public List<string> ListedPaths { get; } = [];

    /// <summary>Answers before anything else does; false leaves a request to the Hub.</summary>
    public Func<Request, HttpListenerResponse, bool> Interfere { get; set; } = (_, _) => false;

    /// <summary>Bytes after which the storage cuts; 0 never.</summary>
    public Func<int> CutAfter { get; set; } = () => 0;

    /// <summary>Whether a token is needed.</summary>
    public bool Private { get; set; }

    /// <summary>Changes content on its way.</summary>
    public Func<byte[], byte[]> Damage { get; set; } = bytes => bytes;

    /// <summary>Address of the Hub.</summary>
    public string Endpoint => $"http://127.0.0.1:{_hub}";

    /// <summary>Its one commit.</summary>
    public static string Commit => new('c', 40);

    /// <summary>Requests that have arrived.</summary>
    public IReadOnlyList<Request> Log => [.. _log];

    /// <summary>Forgets the requests.</summary>
    public void ClearLog() => _log.Clear();

    /// <summary>SHA-256 of content.</summary>
    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Git's id of content.</summary>
    public static string GitId(byte[] bytes) =>
        Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));

    /// <summary>Answers with a text and ends.</summary>
    public static bool Answer(HttpListenerResponse response, int status, string text = "", params (string Name, string Value)[] headers)
    {
        response.StatusCode = status;
        foreach (var (name, value) in headers)
            response.AddHeader(name, value);
        var bytes = Encoding.UTF8.GetBytes(text);
        response.ContentLength64 = bytes.Length;
        response.OutputStream.Write(bytes);
        response.Close();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Stop();
        _loop.Wait(TimeSpan.FromSeconds(5));
        _listener.Close();
    }

    private static (HttpListener, int, int) Listen()
    {
        for (var attempt = 0; ; attempt++)
        {
            var port = Random.Shared.Next(20000, 60000);
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            listener.Prefixes.Add($"http://127.0.0.1:{port + 1}/");
            try
            {
                listener.Start();
                return (listener, port, port + 1);
            }
            catch (HttpListenerException) when (attempt < 50)
            {
                // Another program has the port.
            }
        }
    }

    private async Task LoopAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => Handle(context));
        }
    }

    private void Handle(HttpListenerContext context)
    {
        var (request, response) = (context.Request, context.Response);
        try
        {
            var note = new Request(
                request.LocalEndPoint.Port == _storage,
                Uri.UnescapeDataString(request.RawUrl!),
                request.Headers["Authorization"],
                request.Headers["Range"]
            );
            _log.Enqueue(note);
            if (Interfere(note, response))
                return;
            if (note.AtStorage)
                Storage(note, response);
            else
                Hub(note, response);
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The client went away.
        }
    }

    private void Storage(Request note, HttpListenerResponse response)
    {
        // Signed addresses and tokens exclude each other.
        if (note.Authorization is not null)
            Answer(response, 400, "two ways to authenticate");
        else
            Content(Files[note.Path.Split('?')[0][1..]], note.Range, response);
    }

    private void Hub(Request note, HttpListenerResponse response)
    {
        var path = note.Path.Split('?')[0];
        if (path.StartsWith("/old/name", StringComparison.Ordinal) || path.StartsWith("/api/models/old/name", StringComparison.Ordinal))
            Answer(response, 307, "", ("Location", note.Path.Replace("old/name", "a/b", StringComparison.Ordinal)));
        else if (Private && note.Authorization != $"Bearer {Token}")
            Answer(response, 401, "{}", ("X-Error-Code", "RepoNotFound"), ("X-Error-Message", "Invalid username or password."));
        else if (path.StartsWith("/api/models/a/b/revision/", StringComparison.Ordinal))
            Revision(path["/api/models/a/b/revision/".Length..], response);
        else if (path.StartsWith("/api/models/a/b/tree/", StringComparison.Ordinal))
            Tree(note.Path.Contains("cursor", StringComparison.Ordinal), response);
        else if (path.StartsWith($"/a/b/resolve/{Commit}/", StringComparison.Ordinal))
            Resolve(path[$"/a/b/resolve/{Commit}/".Length..], note.Range, response);
        else
            Answer(response, 404, "{}", ("X-Error-Code", "RepoNotFound"), ("X-Error-Message", "Repository not found"));
    }

    private static void Revision(string revision, HttpListenerResponse response)
    {
        if (revision is "main" or "v/1" || revision == Commit)
            Answer(response, 200, $"{{\"sha\":\"{Commit}\"}}");
        else
            Answer(response, 404, "{}", ("X-Error-Code", "RevisionNotFound"), ("X-Error-Message", "Invalid rev id"));
    }

    // In two pages.
    private void Tree(bool second, HttpListenerResponse response)
    {
        var paths = Files.Keys.Order(StringComparer.Ordinal).Concat(ListedPaths).ToList();
        var half = (paths.Count + 1) / 2;
        var list = new JsonArray();
        foreach (var path in second ? paths.Skip(half) : paths.Take(half))
        {
            var bytes = Files.GetValueOrDefault(path, []);
            var entry = new JsonObject
            {
                ["type"] = "file",
                ["path"] = path,
                ["size"] = bytes.Length,
                ["oid"] = GitId(bytes),
            };
            if (bytes.Length >= LargeFrom)
                entry["lfs"] = new JsonObject { ["oid"] = Sha256(bytes), ["size"] = bytes.Length };
            list.Add(entry);
        }

        var more = $"<{Endpoint}/api/models/a/b/tree/{Commit}?recursive=true&cursor=2>; rel=\"next\"";
        Answer(response, 200, list.ToJsonString(), second ? [] : [("Link", more)]);
    }

    private void Resolve(string path, string? range, HttpListenerResponse response)
    {
        if (!Files.TryGetValue(path, out var bytes))
        {
            Answer(response, 404, "", ("X-Error-Code", "EntryNotFound"), ("X-Repo-Commit", Commit));
            return;
        }

        response.AddHeader("X-Repo-Commit", Commit);
        if (bytes.Length < LargeFrom)
        {
            response.AddHeader("ETag", $"\"{GitId(bytes)}\"");
            Content(bytes, range, response);
            return;
        }

        var location = $"http://127.0.0.1:{_storage}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}?sig=ok";
        Answer(response, 302, "", ("Location", location), ("X-Linked-Size", $"{bytes.Length}"), ("X-Linked-ETag", $"\"{Sha256(bytes)}\""));
    }

    private void Content(byte[] bytes, string? range, HttpListenerResponse response)
    {
        var from = range is null ? 0 : int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
        if (from > 0)
        {
            response.StatusCode = 206;
            response.AddHeader("Content-Range", $"bytes {from}-{bytes.Length - 1}/{bytes.Length}");
        }

        var part = Damage(bytes)[from..];
        response.ContentLength64 = part.Length;
        var cut = bytes.Length >= LargeFrom ? CutAfter() : 0;
        if (cut > 0 && cut < part.Length)
        {
            response.OutputStream.Write(part, 0, cut);
            response.OutputStream.Flush();
            // Time for the client to take what was sent, before the connection is reset.
            Thread.Sleep(100);
            response.Abort();
            return;
        }

        response.OutputStream.Write(part);
        response.Close();
    }
}
