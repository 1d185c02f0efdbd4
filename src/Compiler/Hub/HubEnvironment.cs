using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Hub;

/// <summary>Where the Hub and its cache are, and who asks: the variables that huggingface_hub reads.</summary>
public sealed record HubEnvironment
{
    private static readonly string[] True = ["1", "ON", "YES", "TRUE"];

    /// <summary>Address of the Hub, without a final slash.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Folder of the cache.</summary>
    public required string Cache { get; init; }

    /// <summary>Token that is sent to the endpoint, and to no other host or port; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>Variable that forbids the network; null when none does.</summary>
    public string? OfflineBy { get; init; }

    /// <summary>First wait between two tries; doubled after each.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time without an answer or a byte.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The environment of the process.</summary>
    /// <exception cref="InputException">A variable is malformed.</exception>
    public static HubEnvironment OfProcess() => From(Environment.GetEnvironmentVariable);

    /// <summary>Reads the variables.</summary>
    /// <param name="variable">Gives a variable, or null.</param>
    /// <exception cref="InputException">A variable is malformed.</exception>
    public static HubEnvironment From(Func<string, string?> variable)
    {
        string? Get(string name) => variable(name) is { Length: > 0 } value ? value : null;
        var home = Get("HF_HOME")
            ?? Path.Combine(
                Get("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
                "huggingface"
            );
        return new HubEnvironment
        {
            Endpoint = EndpointOf(Get),
            Cache = Path.GetFullPath(Expanded(Get("HF_HUB_CACHE") ?? Get("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub"))),
            Token = IsTrue(Get("HF_HUB_DISABLE_IMPLICIT_TOKEN")) ? null : TokenOf(Get, Expanded(home)),
            OfflineBy = ((string[])["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "LLAMA_ARG_OFFLINE"]).FirstOrDefault(name =>
                IsTrue(Get(name))
            ),
        };
    }

    private static Uri EndpointOf(Func<string, string?> get)
    {
        var (name, text) =
            get("MODEL_ENDPOINT") is { } first ? ("MODEL_ENDPOINT", first)
            : get("HF_ENDPOINT") is { } second ? ("HF_ENDPOINT", second)
            : ("", "https://huggingface.co");
        return
            Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && uri.Query.Length == 0
            && uri.UserInfo.Length == 0
            ? uri
            : throw new InputException($"{name}: is no address of a Hub; write one such as https://huggingface.co");
    }

    private static string? TokenOf(Func<string, string?> get, string home)
    {
        foreach (var name in (string[])["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"])
            if (get(name)?.Trim() is { Length: > 0 } own)
                return Checked(own, name);
        var path = Expanded(get("HF_TOKEN_PATH") ?? Path.Combine(home, "token"));
        return File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } saved ? Checked(saved, path) : null;
    }

    // It goes into a header, so it must not hold line ends; its text is never shown.
    private static string Checked(string token, string source) =>
        token.All(c => c is > ' ' and < '\x7F')
            ? token
            : throw new InputException($"{source}: holds no token: a token has no spaces and only ASCII characters");

    private static string Expanded(string path) =>
        path is "~" || path.StartsWith("~/", StringComparison.Ordinal)
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..]
            : path;

    private static bool IsTrue(string? value) => value is not null && True.Contains(value, StringComparer.OrdinalIgnoreCase);
}
