using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Server.Tests.Endpoints;

/// <summary>
/// Changed requests of every API end in an answer or in an error object of JSON, within five seconds of the server's processor time and 500
/// MB, and the server goes on. <c>./test --all</c> tries 10,000, <c>TAALAS_FUZZ_COUNT</c> another number; <c>TAALAS_FUZZ_SEED</c> repeats.
/// </summary>
[Category("Smoke")]
public class ChangedRequestTests
{
    private const int FewRequests = 60,
        ManyRequests = 10_000;
    private const double MostSeconds = 5;
    private const long MostBytes = 500L << 20;

    // Like llama-server, it answers some requests that it does not serve with 500, and says what is wrong; a fault of its own has this
    // text.
    private const string OwnFault = "the request failed";

    private static readonly (string Path, string Body)[] Requests =
    [
        (
            "/completion",
            """{"prompt":"Once upon","n_predict":2,"temperature":0.8,"top_k":40,"stop":["x"],"seed":1,"logit_bias":[[5,-1.5]]}"""
        ),
        (
            "/completion",
            """{"prompt":[1,2,3],"n_predict":1,"grammar":"root ::= [a-z]+ \" \" root | \"b\"{1,3}","samplers":["top_k","min_p"]}"""
        ),
        (
            "/completion",
            """{"prompt":"a","n_predict":2,"json_schema":{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}}"""
        ),
        ("/v1/completions", """{"model":"m","prompt":"Once","max_tokens":2,"echo":true,"logprobs":2,"stream":false}"""),
        (
            "/v1/chat/completions",
            """{"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"hi"}]}],"max_tokens":2}"""
        ),
        (
            "/v1/chat/completions",
            """{"messages":[{"role":"user","content":"hi"}],"max_tokens":1,"response_format":{"type":"json_object"},"stream":true}"""
        ),
        ("/v1/responses", """{"input":"hi","max_output_tokens":2,"instructions":"be short"}"""),
        ("/v1/messages", """{"model":"m","max_tokens":2,"messages":[{"role":"user","content":"hi"}],"stop_sequences":["a"]}"""),
        ("/api/chat", """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":false,"options":{"num_predict":2}}"""),
        ("/api/generate", """{"model":"m","prompt":"hi","stream":false,"options":{"num_predict":2,"temperature":0}}"""),
        ("/tokenize", """{"content":"Once upon","add_special":true,"with_pieces":true}"""),
        ("/detokenize", """{"tokens":[1,2,3]}"""),
        ("/apply-template", """{"messages":[{"role":"user","content":"hi"}]}"""),
        ("/infill", """{"input_prefix":"a","input_suffix":"b","n_predict":1}"""),
    ];

    private static readonly string[] Words =
    [
        "null",
        "true",
        "{\"",
        "\":",
        "[[",
        "]]",
        "\\u0000",
        "\\ud800",
        "1e999",
        "\"$ref\":\"#\"",
        "root",
    ];

    [Test]
    public async Task Changed_requests_end_in_an_answer_or_an_error_object()
    {
        using var server = new RunningServer("--parallel", "1", "--ctx-size", "128", "--predict", "2");
        server.Client.Timeout = TimeSpan.FromMinutes(5);
        var seed = (int)(Number("TAALAS_FUZZ_SEED") ?? Random.Shared.Next());
        var count = (int)(Number("TAALAS_FUZZ_COUNT") ?? (Shared.All ? ManyRequests : FewRequests));
        var (mutator, random, codes) = (new Mutator(seed, Words), new Random(seed), new SortedDictionary<int, int>());
        var (most, resident) = (0.0, 0L);
        for (var i = 0; i < count; i++)
        {
            var (path, good) = Requests[random.Next(Requests.Length)];
            var other = Encoding.UTF8.GetBytes(Requests[random.Next(Requests.Length)].Body);
            var body =
                i < Requests.Length
                    ? Encoding.UTF8.GetBytes(Requests[i].Body)
                    : mutator.Change(Encoding.UTF8.GetBytes(good), other, i % 2 == 0, 0);
            path = i < Requests.Length ? Requests[i].Path : path;
            Shared.Keep("last-of-requests", body);
            var before = server.Process.TotalProcessorTime;
            var (status, text) = await Send(server, path, body);
            server.Process.Refresh();
            var seconds = (server.Process.TotalProcessorTime - before).TotalSeconds;
            (most, resident) = (Math.Max(most, seconds), Math.Max(resident, server.Process.WorkingSet64));
            var told = $"seed {seed}, request {i}: {path} {Encoding.UTF8.GetString(body)}\n{status}: {text}";
            Check(status, text, told);
            Assert.That(seconds, Is.LessThan(MostSeconds), told);
            codes[status] = codes.GetValueOrDefault(status) + 1;
        }

        Assert.That(resident, Is.LessThan(MostBytes));
        Assert.That((await server.Client.GetAsync("/health")).IsSuccessStatusCode);
        var counts = string.Join(", ", codes.Select(c => $"{c.Key}: {c.Value}"));
        TestContext.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{count} requests, {counts}; at most {most:0.00} s, {resident >> 20} MB; seed {seed}"
            )
        );
    }

    private static async Task<(int Status, string Text)> Send(RunningServer server, string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await server.Client.PostAsync(path, content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static void Check(int status, string text, string told)
    {
        Assert.That(status, Is.AnyOf(200, 400, 404, 413, 422, 500, 501), told);
        Assert.That(text, Does.Not.Contain("Exception").And.Not.Contain(OwnFault).And.Not.Contain("   at "), told);
        if (status == (int)HttpStatusCode.OK)
            return;
        using var document = JsonDocument.Parse(text);
        var error = document.RootElement.GetProperty("error");
        var message = error.ValueKind == JsonValueKind.String ? error.GetString() : error.GetProperty("message").GetString();
        Assert.That(message, Is.Not.Empty, told);
    }

    private static double? Number(string variable) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Float, CultureInfo.InvariantCulture, out var n)
            ? n
            : null;
}
