using System.Net;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Server.Telemetry;
using TaalasSim.Support;

namespace TaalasSim.Server.Tests.Telemetry;

/// <summary>A collector in this process gets metrics and traces of the server, and no prompt.</summary>
[Category("Smoke")]
public class OtlpExportTests
{
    private const string Secret = "Once upon a midnight dreary";
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private static readonly string[] Measured =
    [
        "http.server.request.duration",
        "taalas.tokens",
        "taalas.energy",
        "taalas.first_token.duration",
        "taalas.token.duration",
        "taalas.card.power",
        "taalas.card.temperature",
        "taalas.slots.busy",
        "taalas.queue",
    ];

    /// <summary>Takes what exporters post.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly List<(string Path, byte[] Body)> _posts = [];

        public Collector()
        {
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            probe.Stop();
            _listener.Prefixes.Add(Address);
            _listener.Start();
            _ = Task.Run(Listen);
        }

        public string Address { get; }

        public IReadOnlyList<byte[]> Bodies(string path)
        {
            lock (_posts)
                return [.. _posts.Where(p => p.Path == path).Select(p => p.Body)];
        }

        public void Dispose() => _listener.Close();

        private async Task Listen()
        {
            while (_listener.IsListening)
                try
                {
                    var http = await _listener.GetContextAsync();
                    using var body = new MemoryStream();
                    await http.Request.InputStream.CopyToAsync(body);
                    lock (_posts)
                        _posts.Add((http.Request.Url!.AbsolutePath, body.ToArray()));
                    http.Response.ContentType = "application/x-protobuf";
                    http.Response.Close();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
        }
    }

    private sealed record Span(string Name, string Trace, string Id, string Parent, Dictionary<string, string> Tags);

    [Test]
    public async Task Spans_and_metrics_reach_a_collector_without_a_word_of_the_prompt()
    {
        using var collector = new Collector();
        var quick = new Dictionary<string, string>
        {
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "rack=seven",
        };
        using var server = new RunningServer(quick, "--otlp-endpoint", collector.Address);
        var answer = await Ask(server);
        using (await server.Client.GetAsync("/nowhere/" + Uri.EscapeDataString(Secret))) { }
        var spans = await Until(() => Spans(collector), s => s.Count >= 3);
        var metrics = await Until(() => Metrics(collector), m => Measured.All(m.Contains));
        var http = spans.Single(s => s.Name == "POST /completion");
        var made = spans.Single(s => s.Name == "answer");
        var lost = spans.Single(s => s.Name == "GET");
        Assert.Multiple(() =>
        {
            Assert.That((http.Trace, http.Parent), Is.EqualTo((Trace, "b7ad6b7169203331")));
            Assert.That((made.Trace, made.Parent), Is.EqualTo((Trace, http.Id)));
            Assert.That(lost.Trace, Is.Not.EqualTo(Trace));
            Assert.That(lost.Parent, Is.Empty);
            Assert.That(http.Tags["http.route"], Is.EqualTo("/completion"));
            Assert.That(http.Tags["http.response.status_code"], Is.EqualTo("200"));
            Assert.That(lost.Tags["http.response.status_code"], Is.EqualTo("404"));
            Assert.That(lost.Tags, Does.Not.ContainKey("http.route"));
            Assert.That(made.Tags["taalas.tokens.predicted"], Is.EqualTo("5"));
            Assert.That(made.Tags["taalas.tokens.prompt"], Is.EqualTo(answer.GetProperty("timings").GetProperty("prompt_n").ToString()));
            Assert.That(
                double.Parse(made.Tags["taalas.joules"], System.Globalization.CultureInfo.InvariantCulture),
                Is.EqualTo(answer.GetProperty("hw").GetProperty("joules").GetDouble())
            );
            Assert.That(metrics, Is.SupersetOf(Measured));
        });
        foreach (var body in collector.Bodies("/v1/traces").Concat(collector.Bodies("/v1/metrics")))
        {
            var text = Encoding.Latin1.GetString(body);
            Assert.That(text, Does.Not.Contain("midnight").And.Not.Contain("upon"), "a prompt");
            Assert.That(text, Does.Contain("rack").And.Contain("seven"), "attributes of the environment");
        }
    }

    private static async Task<JsonElement> Ask(RunningServer server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/completion?key=" + Uri.EscapeDataString(Secret))
        {
            Content = new StringContent(
                JsonSerializer.Serialize(
                    new
                    {
                        prompt = Secret,
                        n_predict = 5,
                        temperature = 0,
                    }
                ),
                Encoding.UTF8,
                "application/json"
            ),
        };
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        using var response = await server.Client.SendAsync(request);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }

    [Test]
    public void Nothing_is_exported_unless_an_endpoint_is_given_and_one_that_is_none_is_refused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(OtlpExport.Start(null, "1", "m", _ => { }), Is.Null);
            Assert.That(
                () => OtlpExport.Start("nowhere", "1", "m", _ => { }),
                Throws.TypeOf<InputException>().With.Message.StartsWith("--otlp-endpoint nowhere: use an address")
            );
            Assert.That(Taalas.Run("serve", "none.chip", "--otlp-endpoint", "ftp://x").ExitCode, Is.EqualTo(2));
        });
    }

    private static async Task<T> Until<T>(Func<T> read, Func<T, bool> done)
    {
        for (var i = 0; i < 200 && !done(read()); i++)
            await Task.Delay(50);
        return read();
    }

    // opentelemetry-proto 1.x: ExportTraceServiceRequest.resource_spans = 1, ResourceSpans.scope_spans = 2, ScopeSpans.spans = 2.
    private static List<Span> Spans(Collector collector) =>
        [
            .. collector
                .Bodies("/v1/traces")
                .SelectMany(body => ProtobufMessage.Of(body).Children(1, 2, 2))
                .Select(span => new Span(
                    span.Text(5),
                    Convert.ToHexStringLower(span.Bytes(1)),
                    Convert.ToHexStringLower(span.Bytes(2)),
                    Convert.ToHexStringLower(span.Bytes(4)),
                    span.Children(9).ToDictionary(a => a.Text(1), a => a.Children(2).Single().Value(), StringComparer.Ordinal)
                )),
        ];

    // ExportMetricsServiceRequest.resource_metrics = 1, ResourceMetrics.scope_metrics = 2, ScopeMetrics.metrics = 2, Metric.name = 1.
    private static HashSet<string> Metrics(Collector collector) =>
        [.. collector.Bodies("/v1/metrics").SelectMany(body => ProtobufMessage.Of(body).Children(1, 2, 2)).Select(m => m.Text(1))];
}
