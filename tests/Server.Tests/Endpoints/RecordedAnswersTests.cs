using System.Text;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Server.Tests.Endpoints;

/// <summary>Answers equal those recorded from llama-server, field by field, in the order in which they were recorded.</summary>
[Category("Validation")]
public class RecordedAnswersTests
{
    [Test]
    public async Task Answers_equal_those_of_llama_server()
    {
        using var index = JsonDocument.Parse(File.ReadAllText(Shared.Path("server/index.json")));
        var wrong = new List<string>();
        foreach (var flags in index.RootElement.GetProperty("servers").EnumerateObject())
        {
            string[] all = flags.Value.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // The model, the address and the port are the fixture's own.
            var own = all.Skip(6).ToArray();
            using var server = new RunningServer(own);
            foreach (var entry in index.RootElement.GetProperty("entries").EnumerateArray())
            {
                if (entry.GetProperty("server").GetString() != flags.Name)
                    continue;
                var name = entry.GetProperty("name").GetString()!;
                using var pair = JsonDocument.Parse(File.ReadAllText(Shared.Path($"server/golden/{name}.json")));
                wrong.AddRange((await Differences(server, pair.RootElement)).Select(d => $"{name}{d}"));
            }
        }
        Assert.That(wrong, Is.Empty);
    }

    private static async Task<List<string>> Differences(RunningServer server, JsonElement pair)
    {
        var (request, expected) = (pair.GetProperty("request"), pair.GetProperty("response"));
        using var message = new HttpRequestMessage(
            new HttpMethod(request.GetProperty("method").GetString()!),
            request.GetProperty("path").GetString()
        );
        var body =
            request.TryGetProperty("raw_body", out var raw) ? raw.GetString()
            : request.TryGetProperty("body", out var json) && json.ValueKind != JsonValueKind.Null ? json.GetRawText()
            : null;
        if (body is not null)
            message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var header in request.GetProperty("headers").EnumerateObject())
            message.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
        using var response = await server.Client.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        var status = expected.GetProperty("status").GetInt32();
        // What is wrong with the request itself is answered with 400, where llama-server says 500.
        if (status == 500 && (int)response.StatusCode == 400)
            return JsonElement.Parse(text).TryGetProperty("error", out _) ? [] : [": no error object"];
        if ((int)response.StatusCode != status)
            return [$": status {status} expected, {(int)response.StatusCode} found: {text}"];
        var compare = new JsonDifference(pair.GetProperty("volatile").EnumerateArray().Select(v => v.GetString()!));
        if (expected.TryGetProperty("json", out var wanted))
            compare.Compare(wanted, JsonElement.Parse(text), "/json");
        else if (expected.TryGetProperty("events", out var events))
            compare.Compare(events, Events(text), "/events");
        return compare.Found;
    }

    private static JsonElement Events(string text)
    {
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(block =>
                block.StartsWith("data: ", StringComparison.Ordinal)
                && block != "data: [DONE]"
                && !block.Contains('\n', StringComparison.Ordinal)
                    ? block[6..]
                    : JsonSerializer.Serialize(new { raw = block })
            );
        return JsonElement.Parse("[" + string.Join(',', events) + "]");
    }
}
