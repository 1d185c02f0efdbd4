using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TaalasSim.Support;

namespace TaalasSim.Server.Tests;

/// <summary>The program as a server, started as a user starts it, on a free port of this machine.</summary>
internal sealed partial class RunningServer : IDisposable
{
    // Images that one test compiled serve the others.
    private static readonly string Cache = Path.Combine(TemporaryFolder.OfProcess, "cache");
    private readonly Process _process;

    /// <summary>Starts a server of the small golden model.</summary>
    /// <param name="flags">llama-server's flags.</param>
    public RunningServer(params string[] flags)
        : this(new Dictionary<string, string>(), flags) { }

    /// <summary>Starts a server with variables of the environment.</summary>
    /// <param name="environment">Variables.</param>
    /// <param name="flags">llama-server's flags.</param>
    public RunningServer(IReadOnlyDictionary<string, string> environment, params string[] flags)
    {
        string[] arguments =
        [
            "serve",
            "--model",
            Shared.Path("golden/stories260K/stories260K-f32.gguf"),
            "--port",
            "0",
            .. flags.Contains("-t") ? Array.Empty<string>() : ["-t", "1"],
            .. flags,
        ];
        _process = Taalas.Start(new Dictionary<string, string>(environment) { ["XDG_CACHE_HOME"] = Cache }, arguments);
        Client = new HttpClient { BaseAddress = Address(), Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>Speaks to it.</summary>
    public HttpClient Client { get; }

    /// <summary>The program.</summary>
    public Process Process => _process;

    /// <summary>Posts a JSON document; the answer as text.</summary>
    public async Task<(int Status, string Text)> Post(string path, string json, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Posts an object; the answer as JSON.</summary>
    public async Task<JsonElement> Post(string path, object body)
    {
        var (_, text) = await Post(path, JsonSerializer.Serialize(body));
        return JsonElement.Parse(text);
    }

    /// <summary>Ends the program.</summary>
    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private Uri Address()
    {
        var said = new StringBuilder();
        while (_process.StandardError.ReadLine() is { } line)
        {
            said.AppendLine(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                // Nobody reads further lines, but the pipe must not fill.
                _ = _process.StandardError.ReadToEndAsync();
                return new Uri(match.Groups[1].Value);
            }
        }
        throw new InvalidOperationException("the server did not start: " + said);
    }

    [GeneratedRegex(@"at (http://\S+)")]
    private static partial Regex Listening();
}
