using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using TaalasSim.Server.Answers;
using TaalasSim.Server.Requests;

namespace TaalasSim.Server.Endpoints;

/// <summary>Writes documents and errors.</summary>
internal static class Responder
{
    private const string JsonType = "application/json; charset=utf-8";

    /// <summary>Reads the whole body of a request.</summary>
    public static async Task<RequestBody> Read(HttpContext http)
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted).ConfigureAwait(false);
        return RequestBody.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
    }

    /// <summary>Writes a JSON document.</summary>
    public static Task Json(HttpContext http, JsonNode json, int status = 200) => Text(http, JsonText.Of(json), JsonType, status);

    /// <summary>Writes a text.</summary>
    public static Task Text(HttpContext http, string text, string type, int status = 200)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        return http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    /// <summary>Writes an error.</summary>
    public static Task Error(HttpContext http, RequestException fault)
    {
        if (fault.Code == 503)
            http.Response.Headers.RetryAfter = "1";
        return Json(http, ErrorOf(fault), fault.Code);
    }

    /// <summary>An error as a document.</summary>
    public static JsonObject ErrorOf(RequestException fault)
    {
        var error = new JsonObject
        {
            ["code"] = fault.Code,
            ["message"] = fault.Message,
            ["type"] = fault.Type,
        };
        foreach (var (name, value) in fault.Details)
            error[name] = value;
        return new JsonObject { ["error"] = error };
    }
}
