using System.Globalization;
using System.Net;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Hub;

/// <summary>What answers of the Hub mean.</summary>
internal static class HubAnswer
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>Whether a request may succeed when it is sent again.</summary>
    public static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status is 500 or 502 or 503 or 504;

    /// <summary>How long the server asks to wait; null when it does not say.</summary>
    public static TimeSpan? WaitAsked(HttpResponseMessage answer)
    {
        var seconds =
            Text(answer, "RateLimit") is { } limit && After(limit, "t=") is { } reset ? reset
            : answer.Headers.RetryAfter?.Delta is { } delta ? delta.TotalSeconds
            : answer.Headers.RetryAfter?.Date is { } date ? (date - DateTimeOffset.UtcNow).TotalSeconds
            : (double?)null;
        return seconds is { } asked ? TimeSpan.FromSeconds(Math.Clamp(asked + 1, 0, LongestWait.TotalSeconds)) : null;
    }

    /// <summary>The fault of an answer that is no success.</summary>
    /// <param name="answer">Answer.</param>
    /// <param name="what">What was asked for, for messages.</param>
    /// <param name="repository">Repository.</param>
    /// <param name="environment">Endpoint and token.</param>
    public static Exception Fault(HttpResponseMessage answer, string what, string repository, HubEnvironment environment)
    {
        var (code, status) = (Text(answer, "X-Error-Code"), (int)answer.StatusCode);
        var said = Text(answer, "X-Error-Message") is { Length: > 0 } message ? $" ({GgufFaults.Quote(message)})" : "";
        var page = $"{environment.Endpoint.AbsoluteUri.TrimEnd('/')}/{repository}";
        var login = environment.Token is null
            ? "set HF_TOKEN to a token of your account"
            : "check that the token in HF_TOKEN or the token file belongs to an account with access";
        if (Text(answer, "X-Error-Message") == "Access to this resource is disabled.")
            return new InputException($"{what}: the Hub has disabled access to this repository; choose another");
        return (code, status) switch
        {
            ("GatedRepo", _) => new InputException(
                environment.Token is null
                    ? $"{what}: the repository is gated, access is restricted: accept its conditions at {page} and log in: {login}"
                    : $"{what}: the repository is gated, access is restricted and your account is not on its list: accept its "
                        + $"conditions at {page}"
            ),
            ("RevisionNotFound", _) => new InputException($"{what}: revision not found{said}; see {page} for its branches and tags"),
            ("EntryNotFound", _) => new InputException($"{what}: entry not found: the repository has no such file at this revision"),
            ("RepoNotFound", _) or (_, 401) when environment.Token is null => new InputException(
                $"{what}: repository not found, or private (HTTP {status}){said}; check the name, or {login}"
            ),
            ("RepoNotFound", _) => new InputException(
                $"{what}: repository not found, or private (HTTP {status}){said}; check the name; {login}"
            ),
            (_, 401 or 403) => new InputException($"{what}: access refused (HTTP {status}){said}; {login}"),
            (_, 404) => new InputException($"{what}: not found (HTTP 404){said}; check the name"),
            _ => new HubUnreachableException($"{what}: the Hub answered HTTP {status} {Name(answer)}{said}"),
        };
    }

    /// <summary>A header's text, or null.</summary>
    public static string? Text(HttpResponseMessage answer, string header) =>
        answer.Headers.TryGetValues(header, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Digest of the content: the linked tag, else the own; without W/ and quotes.</summary>
    public static string? Tag(HttpResponseMessage answer) => Bare(Text(answer, "X-Linked-ETag") ?? Text(answer, "ETag"));

    /// <summary>Address of the next page of a list, or null.</summary>
    public static string? NextPage(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("Link", out var links))
            return null;
        foreach (var link in links.SelectMany(l => l.Split(',')))
        {
            var (from, to) = (link.IndexOf('<'), link.IndexOf('>'));
            if (from >= 0 && to > from && link[to..].Contains("rel=\"next\"", StringComparison.Ordinal))
                return link[(from + 1)..to];
        }

        return null;
    }

    private static string? Bare(string? tag)
    {
        if (tag is null)
            return null;
        var text = tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;
        return text.Trim('"');
    }

    private static double? After(string text, string key)
    {
        foreach (var part in text.Split(';'))
            if (
                part.Trim().StartsWith(key, StringComparison.Ordinal)
                && double.TryParse(part.Trim()[key.Length..], CultureInfo.InvariantCulture, out var value)
            )
                return value;
        return null;
    }

    private static string Name(HttpResponseMessage answer) =>
        answer.StatusCode switch
        {
            HttpStatusCode.ServiceUnavailable => "(service unavailable)",
            HttpStatusCode.TooManyRequests => "(too many requests)",
            _ => $"({answer.StatusCode})",
        };
}
