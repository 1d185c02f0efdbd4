using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Server.Tests.Slots;

/// <summary>
/// Many streams beside clients that misbehave: every stream says what the same seed says alone, nobody gets an answer of somebody else, and
/// the server forgets those who have left. With TAALAS_TEST_ALL=1 the load is that of a busy minute.
/// </summary>
[Category("Smoke")]
public class LoadTests
{
    private const string Key = "right";
    private static readonly int Streams = Shared.All ? 200 : 24;
    private static readonly int Rounds = Shared.All ? 20 : 1;

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
        using var server = new RunningServer("--api-key", Key, "--queue", "4096");
        var expected = new string[Streams];
        for (var i = 0; i < Streams; i++)
            expected[i] = JsonElement
                .Parse((await server.Post("/completion", JsonSerializer.Serialize(Request(i, stream: false)), Key)).Text)
                .GetProperty("content")
                .GetString()!;
        Assert.That(expected.Distinct(StringComparer.Ordinal).Count(), Is.GreaterThan(Streams / 2), "the seeds must give different texts");
        for (var round = 0; round < Rounds; round++)
        {
            var noise = Enumerable.Range(0, Streams).Select(i => Misbehave(server, i)).ToArray();
            var answers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => Streamed(server, i)));
            await Task.WhenAll(noise);
            Assert.That(answers, Is.EqualTo(expected));
        }
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/slots");
        ask.Headers.Add("X-Api-Key", Key);
        using var reply = await server.Client.SendAsync(ask);
        var slots = JsonElement.Parse(await reply.Content.ReadAsStringAsync());
        Assert.That(slots.EnumerateArray().Select(slot => slot.GetProperty("is_processing").GetBoolean()), Has.None.True);
    }

    private static async Task<string> Streamed(RunningServer server, int seed)
    {
        var (status, text) = await server.Post("/completion", JsonSerializer.Serialize(Request(seed, stream: true)), Key);
        Assert.That(status, Is.EqualTo(200), text);
        return string.Concat(
            text.Split('\n')
                .Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
                .Select(line => JsonElement.Parse(line[6..]).GetProperty("content").GetString())
        );
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
}
