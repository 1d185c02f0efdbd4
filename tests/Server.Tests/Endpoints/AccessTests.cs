using System.Net;
using NUnit.Framework;

namespace TaalasSim.Server.Tests.Endpoints;

/// <summary>Who may ask what, and what happens to requests that are no requests.</summary>
[Category("Smoke")]
public class AccessTests
{
    [Test]
    public async Task A_key_is_asked_for_everywhere_but_for_health_and_the_page()
    {
        using var server = new RunningServer("--api-key", "one,two", "--parallel", "1");
        foreach (var path in new[] { "/health", "/v1/health", "/" })
            Assert.That((await server.Client.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
        foreach (var path in new[] { "/v1/models", "/models", "/props", "/slots", "/card", "/api/tags", "/unknown" })
            Assert.That((await server.Client.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), path);
        const string tokenize = """{"content":"a"}""";
        Assert.Multiple(async () =>
        {
            Assert.That((await server.Post("/tokenize", tokenize, "two")).Status, Is.EqualTo(200));
            Assert.That((await server.Post("/tokenize", tokenize, "twox")).Status, Is.EqualTo(401));
            Assert.That((await server.Post("/tokenize", tokenize, "tw")).Status, Is.EqualTo(401));
            Assert.That((await server.Post("/tokenize", tokenize)).Status, Is.EqualTo(401));
        });
    }

    [Test]
    public async Task Broken_requests_end_in_an_error_object_and_the_server_goes_on()
    {
        using var server = new RunningServer("--parallel", "1", "--ctx-size", "128");
        string[] bodies =
        [
            "",
            "{",
            "[]",
            "null",
            "\"x\"",
            "{\"prompt\":1}",
            "{\"prompt\":\"\\ud800\"}",
            "{\"prompt\":\"a\",\"\\udc00\":1}",
            "{\"prompt\":{}}",
            "{\"prompt\":[[]]}",
            "{\"prompt\":[-1]}",
            "{\"prompt\":[99999999]}",
            "{\"prompt\":\"a\",\"temperature\":\"hot\"}",
            "{\"prompt\":\"a\",\"temperature\":1e999}",
            "{\"prompt\":\"a\",\"n_predict\":-2}",
            "{\"prompt\":\"a\",\"n_predict\":1e30}",
            "{\"prompt\":\"a\",\"id_slot\":7}",
            "{\"prompt\":\"a\",\"grammar\":\"root ::= root\"}",
            "{\"prompt\":\"a\",\"grammar\":\"root ::= (\"}",
            "{\"prompt\":\"a\",\"grammar\":\"x ::= \\\"a\\\"\"}",
            "{\"prompt\":\"a\",\"json_schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/none\"}}}}",
            "{\"prompt\":\"a\",\"json_schema\":{\"type\":\"string\",\"pattern\":\"^(a$\"}}",
            "{\"prompt\":\"a\",\"stop\":[1]}",
            "{\"prompt\":\"a\",\"n\":2}",
            "{\"prompt\":\"" + new string('x', 4000) + "\"}",
            new string('[', 100_000),
        ];
        foreach (var body in bodies)
        {
            var (status, text) = await server.Post("/completion", body);
            Assert.That(status, Is.EqualTo(400), body[..Math.Min(80, body.Length)] + " -> " + text);
            Assert.That(text, Does.StartWith("{\"error\":{\"code\":400,\"message\":\""));
        }
        foreach (var path in new[] { "/v1/chat/completions", "/v1/responses", "/v1/messages", "/api/chat", "/apply-template" })
            Assert.That((await server.Post(path, """{"messages":"x","input":7}""")).Status, Is.EqualTo(400), path);
        Assert.That((await server.Client.GetAsync("/health")).IsSuccessStatusCode);
    }

    [Test]
    public async Task Saved_slots_stay_in_their_folder()
    {
        using var folder = new TaalasSim.Support.TemporaryFolder();
        using var server = new RunningServer("--parallel", "1", "--slot-save-path", folder.Path);
        await server.Post("/completion", new { prompt = "Once upon a time", n_predict = 2 });
        foreach (var name in new[] { "../x", "/tmp/x", "a/b", "..", "", "a\u0007" })
            Assert.That(
                (await server.Post("/slots/0?action=save", System.Text.Json.JsonSerializer.Serialize(new { filename = name }))).Status,
                Is.EqualTo(400),
                name
            );
        Assert.That((await server.Post("/slots/0?action=save", """{"filename":"s.bin"}""")).Status, Is.EqualTo(200));
        Assert.That(Directory.GetFiles(folder.Path).Select(Path.GetFileName), Is.EqualTo(new[] { "s.bin" }));
        File.WriteAllBytes(Path.Combine(folder.Path, "s.bin"), new byte[50]);
        Assert.That((await server.Post("/slots/0?action=restore", """{"filename":"s.bin"}""")).Status, Is.EqualTo(400));
    }
}
