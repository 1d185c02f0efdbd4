using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace TaalasSim.Server.Endpoints;

/// <summary>The page at <c>/</c>: a chat with the chip and the card's state beside it. One file, no outside request.</summary>
internal static class ChatPage
{
    private static readonly string Html = Load();

    /// <summary>Writes the page.</summary>
    public static Task Send(HttpContext http)
    {
        http.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri "
            + "'none'; form-action 'none'";
        return Responder.Text(http, Html, "text/html; charset=utf-8");
    }

    private static string Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("chat.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
