using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Server.Tests.Slots;

/// <summary>
/// Many streams beside clients that misbehave: every stream says what the same seed says alone, nobody gets an answer of somebody else,
/// and the server forgets those who have left. With TAALAS_TEST_ALL=1 the load is that of a busy minute, whose latencies are printed;
/// memory and handles must not grow in it.
/// </summary>
[Category("Smoke")]
public class LoadTests
{
    private const string Key = "right";
    private static readonly int Streams = Shared.All ? 200 : 24;
    private static readonly int SlowReaders = Shared.All ? 1000 : 20;

    // What is compiled, pooled and sized by the collector is so after some thousand answers.
    private static readonly int WarmUp = Shared.All ? 6000 : 0;
    private static readonly TimeSpan Length = Shared.All ? TimeSpan.FromSeconds(60) : TimeSpan.Zero;
    private readonly ConcurrentBag<(double First, double All)> _seconds = [];
    private int _answers;
    private volatile bool _isOver;

    private static object Request(int seed, bool stream) =>
        new
        {
            prompt = "Once upon a time",
            n_predict = 16,
            temperature = 1.0,
            seed,
            stream,
            cache_prompt = seed % 2 == 0,
        };

    [Test]
    public async Task Streams_beside_clients_that_misbehave_equal_those_made_alone()
    {
        using var server = new RunningServer("--api-key", Key, "--queue", "8192");
        var expected = new string[Streams];
        for (var i = 0; i < Streams; i++)
            expected[i] = JsonElement
                .Parse((await server.Post("/completion", JsonSerializer.Serialize(Request(i, stream: false)), Key)).Text)
                .GetProperty("content")
                .GetString()!;
        Assert.That(expected.Distinct(StringComparer.Ordinal).Count(), Is.GreaterThan(Streams / 3), "the seeds must give different texts");
        var handles = Handles(server.Process);
        Task[] load =
        [
            .. Enumerable.Range(0, Streams).Select(i => Repeat(() => Compare(server, i, expected[i]))),
            .. Enumerable.Range(0, Streams).Select(i => Repeat(() => Misbehave(server, i))),
            .. Enumerable.Range(0, SlowReaders).Select(i => Repeat(() => ReadSlowly(server, i % Streams, expected[i % Streams]))),
        ];
        var busy = Task.WhenAll(load);
        while (_answers < WarmUp && !busy.IsCompleted)
            await Task.Delay(100);
        _seconds.Clear();
        var watch = Stopwatch.StartNew();
        var memory = new List<double>();
        while (watch.Elapsed < Length && !busy.IsCompleted)
        {
            memory.Add(Memory(server.Process));
            await Task.Delay(250);
        }
        _isOver = true;
        await busy;
        await NothingIsLeft(server, handles);
        if (!Shared.All)
            return;
        // It goes up and down with the collector, so quarters of the minute are compared.
        var (before, after) = (memory.Take(memory.Count / 4).Average(), memory.TakeLast(memory.Count / 4).Average());
        Report(watch.Elapsed.TotalSeconds, before, after);
        Assert.That(after, Is.LessThan(1.05 * before), "memory in the last quarter of a minute over that in the first");
    }

    private async Task Repeat(Func<Task> work)
    {
        do await work();
        while (!_isOver && Length > TimeSpan.Zero);
    }

    private async Task Compare(RunningServer server, int seed, string expected)
    {
        var start = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/completion")
        {
            Content = new StringContent(JsonSerializer.Serialize(Request(seed, stream: true))),
        };
        request.Headers.Add("X-Api-Key", Key);
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode)
            Assert.Fail($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var (text, first) = (new StringBuilder(), 0.0);
        while (await reader.ReadLineAsync() is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                first = first > 0 ? first : Stopwatch.GetElapsedTime(start).TotalSeconds;
                text.Append(JsonElement.Parse(line[6..]).GetProperty("content").GetString());
            }
        Assert.That(text.ToString(), Is.EqualTo(expected));
        _seconds.Add((first, Stopwatch.GetElapsedTime(start).TotalSeconds));
        Interlocked.Increment(ref _answers);
    }

    // A few bytes at a time, with pauses.
    private static async Task ReadSlowly(RunningServer server, int seed, string expected)
    {
        using var client = new TcpClient { ReceiveBufferSize = 2048 };
        var address = server.Client.BaseAddress!;
        await client.ConnectAsync(address.Host, address.Port);
        var body = JsonSerializer.Serialize(Request(seed, stream: true));
        var head = $"POST /completion HTTP/1.0\r\nX-Api-Key: {Key}\r\nContent-Length: {body.Length}\r\n\r\n";
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + body));
        var (all, buffer) = (new MemoryStream(), new byte[512]);
        for (int count; (count = await stream.ReadAsync(buffer)) > 0; await Task.Delay(20))
            all.Write(buffer, 0, count);
        var text = string.Concat(
            Encoding
                .UTF8.GetString(all.ToArray())
                .Split('\n')
                .Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
                .Select(line => JsonElement.Parse(line[6..]).GetProperty("content").GetString())
        );
        Assert.That(text, Is.EqualTo(expected));
    }

    private static async Task Misbehave(RunningServer server, int kind)
    {
        switch (kind % 5)
        {
            case 0:
                Assert.That((await server.Post("/completion", "{\"prompt\": \"Once", Key)).Status, Is.AnyOf(400, 500));
                break;
            case 1:
                Assert.That(
                    (await server.Post("/completion", JsonSerializer.Serialize(Request(1, true)), "wrong")).Status,
                    Is.EqualTo(401)
                );
                break;
            case 2:
                // Longer than any body may be; the server answers or cuts the connection, and reads no further.
                await Raw(server, $"POST /completion HTTP/1.1\r\nHost: x\r\nX-Api-Key: {Key}\r\nContent-Length: 1000000000\r\n\r\n{{");
                break;
            case 3:
                // Half a request, then silence until the test ends the connection.
                await Raw(server, "POST /completion HTTP/1.1\r\nHost: x\r\nContent-Le");
                break;
            default:
                using (var leave = new CancellationTokenSource(TimeSpan.FromMilliseconds(20 * kind)))
                {
                    var body = JsonSerializer.Serialize(Request(kind, stream: true));
                    using var request = new HttpRequestMessage(HttpMethod.Post, "/completion") { Content = new StringContent(body) };
                    request.Headers.Add("X-Api-Key", Key);
                    try
                    {
                        using var response = await server.Client.SendAsync(request, leave.Token);
                    }
                    catch (OperationCanceledException)
                    {
                        // It has left.
                    }
                }
                break;
        }
        // Noise, not a flood.
        if (Length > TimeSpan.Zero)
            await Task.Delay(1000);
    }

    private static async Task Raw(RunningServer server, string text)
    {
        using var client = new TcpClient();
        var address = server.Client.BaseAddress!;
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
        await Task.Delay(100);
    }

    private void Report(double seconds, double before, double after)
    {
        void Row(string name, Func<(double First, double All), double> of)
        {
            var sorted = _seconds.Select(of).Order().ToArray();
            string At(double share) =>
                sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)].ToString("F2", CultureInfo.InvariantCulture);
            TestContext.Out.WriteLine($"| {name} | {At(0.5)} | {At(0.9)} | {At(0.99)} | {At(1)} |");
        }
        TestContext.Out.WriteLine(
            FormattableString.Invariant(
                $"{_seconds.Count} streams in {seconds:F0} s; memory {before / 1e6:F0} MB, then {after / 1e6:F0} MB"
            )
        );
        TestContext.Out.WriteLine("| s | half | 90 % | 99 % | all |\n|---|--:|--:|--:|--:|");
        Row("first token", t => t.First);
        Row("whole answer", t => t.All);
    }

    private static async Task NothingIsLeft(RunningServer server, int handles)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/slots");
        ask.Headers.Add("X-Api-Key", Key);
        using var reply = await server.Client.SendAsync(ask);
        var slots = JsonElement.Parse(await reply.Content.ReadAsStringAsync());
        Assert.That(slots.EnumerateArray().Select(slot => slot.GetProperty("is_processing").GetBoolean()), Has.None.True);
        // Connections that the client keeps open for reuse may stay.
        var limit = handles + Streams * 2 + 16;
        for (var i = 0; i < 50 && Handles(server.Process) > limit; i++)
            await Task.Delay(100);
        Assert.That(Handles(server.Process), Is.LessThanOrEqualTo(limit));
    }

    private static int Handles(Process process) =>
        OperatingSystem.IsLinux() ? Directory.GetFiles($"/proc/{process.Id}/fd").Length : process.HandleCount;

    private static double Memory(Process process)
    {
        process.Refresh();
        return process.WorkingSet64;
    }
}
