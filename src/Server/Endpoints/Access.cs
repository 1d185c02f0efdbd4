using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;

namespace TaalasSim.Server.Endpoints;

/// <summary>Who may ask: keys, and origins of pages.</summary>
internal sealed class Access(ServerOptions options)
{
    private static readonly string[] Public = ["/health", "/v1/health", "/"];
    private readonly byte[][] _keys = [.. options.ApiKeys.Select(key => SHA256.HashData(Encoding.UTF8.GetBytes(key)))];

    /// <summary>Sets the headers for pages of other origins; true when the request only asked about them.</summary>
    public bool AnswerCors(HttpContext http)
    {
        var origin = http.Request.Headers.Origin.ToString();
        http.Response.Headers.AccessControlAllowOrigin = Allowed(origin);
        if (http.Request.Method != HttpMethods.Options)
            return false;
        http.Response.Headers.AccessControlAllowCredentials = "true";
        http.Response.Headers.AccessControlAllowMethods = "GET, POST, DELETE, OPTIONS";
        http.Response.Headers.AccessControlAllowHeaders = "*";
        http.Response.ContentType = "text/html";
        http.Response.ContentLength = 0;
        return true;
    }

    /// <summary>Checks the key.</summary>
    /// <exception cref="RequestException">None or a wrong one.</exception>
    public void CheckKey(HttpContext http)
    {
        if (_keys.Length == 0 || Public.Contains(http.Request.Path.Value, StringComparer.Ordinal))
            return;
        var given = http.Request.Headers.Authorization.ToString();
        if (given.StartsWith("Bearer ", StringComparison.Ordinal))
            given = given["Bearer ".Length..];
        if (given.Length == 0)
            given = http.Request.Headers["X-Api-Key"].ToString();
        // Digests of equal length are compared in constant time, every key each time.
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(given));
        var known = false;
        foreach (var key in _keys)
            known |= CryptographicOperations.FixedTimeEquals(key, digest);
        if (!known)
            throw new RequestException(401, "authentication_error", "Invalid API Key");
    }

    private string Allowed(string origin)
    {
        if (options.CorsOrigins == "*")
            return origin;
        if (options.CorsOrigins == "localhost")
            return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.IsLoopback ? origin : "";
        return options.CorsOrigins.Split(',', StringSplitOptions.TrimEntries).Contains(origin, StringComparer.OrdinalIgnoreCase)
            ? origin
            : "";
    }
}
