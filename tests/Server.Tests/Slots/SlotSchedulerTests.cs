using System.Diagnostics;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Server.Tests.Slots;

/// <summary>Slots at work together: no answer changes another, none is lost, and a client that leaves frees its slot.</summary>
[Category("Smoke")]
public class SlotSchedulerTests
{
    private static object Request(int i, bool cache = false) =>
        new
        {
            prompt = "Once upon a time" + string.Concat(Enumerable.Repeat(" there", i % 5)),
            n_predict = 24,
            temperature = 0.9,
            seed = 100 + i,
            cache_prompt = cache,
            // Half of the answers need the host's sampler.
            n_probs = i % 2,
        };

    [Test]
    public async Task Answers_side_by_side_equal_those_made_alone()
    {
        using var alone = new RunningServer("--parallel", "1");
        using var together = new RunningServer("--parallel", "4");
        var expected = new List<string>();
        for (var i = 0; i < 16; i++)
            expected.Add((await alone.Post("/completion", Request(i))).GetProperty("content").GetString()!);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => together.Post("/completion", Request(i, cache: true))));
        Assert.That(answers.Select(a => a.GetProperty("content").GetString()), Is.EqualTo(expected));
        Assert.That(expected.Distinct(StringComparer.Ordinal).Count(), Is.GreaterThan(8), "the seeds must give different texts");
    }

    [Test]
    public async Task A_client_that_leaves_frees_its_slot()
    {
        using var server = new RunningServer("--parallel", "1", "--pace");
        using (var leave = new CancellationTokenSource())
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/completion")
            {
                Content = new StringContent("""{"prompt":"Once","n_predict":400,"stream":true,"ignore_eos":true}"""),
            };
            using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
            await leave.CancelAsync();
        }
        var watch = Stopwatch.StartNew();
        var answer = await server.Post(
            "/completion",
            new
            {
                prompt = "The dog",
                n_predict = 1,
                temperature = 0,
            }
        );
        Assert.That(answer.GetProperty("content").GetString(), Is.EqualTo(" was"));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public async Task Requests_beyond_the_queue_are_refused_at_once()
    {
        using var server = new RunningServer("--parallel", "1", "--queue", "2");
        var statuses = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => server.Post("/completion", """{"prompt":"Once","n_predict":200,"ignore_eos":true}"""))
        );
        Assert.That(statuses.Select(s => s.Status).Distinct().Order(), Is.EqualTo(new[] { 200, 503 }));
        Assert.That(statuses.First(s => s.Status == 503).Text, Does.Contain("unavailable_error"));
    }

    [Test]
    public async Task A_stream_says_what_the_whole_answer_says()
    {
        using var server = new RunningServer("--parallel", "2");
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var body = new
            {
                prompt = "Lily and the 🙂",
                n_predict = 40,
                temperature = 1.3,
                seed,
                stop = new[] { "the big", "." },
                cache_prompt = false,
            };
            var whole = await server.Post("/completion", body);
            var json = JsonSerializer.Serialize(body);
            var (_, text) = await server.Post("/completion", json[..^1] + ",\"stream\":true}");
            var parts = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(block => JsonElement.Parse(block[6..])).ToList();
            Assert.That(
                string.Concat(parts.Select(p => p.GetProperty("content").GetString())),
                Is.EqualTo(whole.GetProperty("content").GetString())
            );
            Assert.That(parts[^1].GetProperty("tokens_predicted").GetInt32(), Is.EqualTo(whole.GetProperty("tokens_predicted").GetInt32()));
        }
    }

    [Test]
    public async Task A_stopped_server_ends_its_answers_first()
    {
        using var server = new RunningServer("--parallel", "1");
        var answer = server.Post("/completion", """{"prompt":"Once","n_predict":500,"ignore_eos":true}""");
        while (!(await server.Client.GetStringAsync("/slots")).Contains("\"is_processing\":true", StringComparison.Ordinal))
            await Task.Delay(10);
        using var kill = Process.Start("kill", ["-TERM", server.Process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        var (status, text) = await answer;
        Assert.That(status, Is.EqualTo(200));
        Assert.That(JsonElement.Parse(text).GetProperty("tokens_predicted").GetInt32(), Is.EqualTo(500));
        Assert.That(server.Process.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.That(server.Process.ExitCode, Is.Zero);
    }

    [Test]
    public async Task A_server_stopped_at_the_keyboard_does_not_wait_for_its_answers()
    {
        BackgroundJob.SkipWhereInterruptIsIgnored();
        using var server = new RunningServer("--parallel", "1", "--context-shift");
        var answer = server.Post("/completion", """{"prompt":"Once","n_predict":1000000,"ignore_eos":true}""");
        while (!(await server.Client.GetStringAsync("/slots")).Contains("\"is_processing\":true", StringComparison.Ordinal))
            await Task.Delay(10);
        using var kill = Process.Start("kill", ["-INT", server.Process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        // Other tests share the machine; the watch of the program itself ends it after 0.6 s.
        Assert.That(server.Process.WaitForExit(TimeSpan.FromSeconds(5)));
        Assert.That(server.Process.ExitCode, Is.EqualTo(130));
        Assert.That(async () => await answer, Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task Every_api_answers_with_the_same_words()
    {
        using var server = new RunningServer("--parallel", "1", "--alias", "tiny");
        var messages = new[] { new { role = "system", content = "Book" }, new { role = "user", content = "What is the best book" } };
        var chat = await server.Post(
            "/v1/chat/completions",
            new
            {
                messages,
                max_tokens = 8,
                temperature = 0,
            }
        );
        var responses = await server.Post(
            "/v1/responses",
            new
            {
                input = messages,
                max_output_tokens = 8,
                temperature = 0,
            }
        );
        var anthropic = await server.Post(
            "/v1/messages",
            new
            {
                system = "Book",
                messages = messages[1..],
                max_tokens = 8,
                temperature = 0,
            }
        );
        var ollama = await server.Post(
            "/api/chat",
            new
            {
                model = "tiny",
                messages,
                stream = false,
                options = new { num_predict = 8, temperature = 0 },
            }
        );
        var text = chat.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
        Assert.Multiple(() =>
        {
            Assert.That(text, Is.EqualTo("\"Here,\" J"));
            Assert.That(responses.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString(), Is.EqualTo(text));
            Assert.That(anthropic.GetProperty("content")[0].GetProperty("text").GetString(), Is.EqualTo(text));
            Assert.That(ollama.GetProperty("message").GetProperty("content").GetString(), Is.EqualTo(text));
            Assert.That(chat.GetProperty("hw").GetProperty("joules").GetDouble(), Is.GreaterThan(0));
            Assert.That(chat.GetProperty("hw").GetProperty("tokens_per_second").GetDouble(), Is.GreaterThan(10_000));
        });
    }
}
