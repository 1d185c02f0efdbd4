using NUnit.Framework;

namespace TaalasSim.Server.Tests.Page;

/// <summary>The chat page in a browser: send, stream, stop, fault, the modelled GPU beside the chip, telemetry, keys, narrow and
/// dark.</summary>
[Category("Smoke")]
public class ChatPageTests
{
    private const string Answers = "[...document.querySelectorAll('.assistant')]";
    private const string Telemetry = "document.querySelector('#celsius')?.textContent.includes('°C')";

    [Test]
    public async Task A_person_chats_with_the_chip()
    {
        if (Chromium.Program is null)
            Assert.Ignore("needs Chromium (Debian: chromium)");
        using var server = new RunningServer("--parallel", "2", "--temp", "0");
        using var browser = await Chromium.Start();
        await browser.Look(1200, 800, isDark: false);
        await browser.Open(server.Client.BaseAddress!);
        await browser.Until(Telemetry);
        await browser.Picture("empty");
        await StopsInTheMiddle(browser);

        await browser.Open(server.Client.BaseAddress!);
        await browser.Until("document.querySelectorAll('.message').length === 0 && " + Telemetry);
        await browser.Say("Once upon a time");
        await browser.Until("document.querySelectorAll('.cost').length === 2");
        await BothTell(browser, await Told(server, "Once upon a time"));
        await browser.Until("/tok\\/s/.test(document.querySelector('#speed').textContent)");
        Assert.That((await browser.Value("document.querySelector('#kv').textContent")).GetString(), Does.Match(@"^[1-9][0-9.]* %$"));
        await browser.Until("document.querySelector('#slots').textContent === '0 of 2'");
        await browser.Picture("answered");

        // The context is full now, which the server tells and the page shows.
        await browser.Say("Tell me more");
        await browser.Until("document.querySelector('.error')?.textContent.includes('context')");
        await browser.Look(390, 844, isDark: true);
        Assert.That((await browser.Value("document.documentElement.scrollWidth")).GetInt32(), Is.LessThanOrEqualTo(390), "it fits a phone");
        Assert.That(
            (await browser.Value("getComputedStyle(document.body).backgroundColor")).GetString(),
            Is.EqualTo("rgb(15, 19, 24)"),
            "it is dark"
        );
        await browser.Picture("phone");

        server.Process.Kill(entireProcessTree: true);
        await server.Process.WaitForExitAsync();
        await browser.Say("Are you there?");
        await browser.Until("document.querySelectorAll('.error').length === 2");
        await browser.Until("document.querySelector('#model').textContent === 'the server does not answer'");
        const string edges =
            "[...document.querySelectorAll('.error')].at(-1).getBoundingClientRect().bottom <= talk.getBoundingClientRect().bottom";
        Assert.That((await browser.Value(edges)).GetBoolean(), "the fault is in sight");
        await browser.Picture("fault");
        var own = server.Client.BaseAddress!.ToString();
        Assert.That(
            browser.Requests.Where(r => !r.StartsWith(own, StringComparison.Ordinal) && !r.StartsWith("data:,", StringComparison.Ordinal)),
            Is.Empty
        );
        Assert.That(browser.Requests, Has.Some.EqualTo(own + "v1/chat/completions"));
        Assert.That(browser.Faults, Is.Empty);
    }

    [Test]
    public async Task A_key_is_asked_for_once()
    {
        if (Chromium.Program is null)
            Assert.Ignore("needs Chromium (Debian: chromium)");
        using var server = new RunningServer("--parallel", "1", "--api-key", "right", "-n", "8");
        using var browser = await Chromium.Start();
        await browser.Open(server.Client.BaseAddress!);
        await browser.Until("document.querySelector('#key') && !document.querySelector('#key').hidden");
        await browser.Picture("key");
        await browser.Value("document.querySelector('#key').focus()");
        await browser.Say("right");
        await browser.Until("document.querySelector('#key').hidden && document.querySelector('#celsius').textContent.includes('°C')");
        await browser.Value("document.querySelector('#text').focus()");
        await browser.Say("Hello");
        await browser.Until("document.querySelectorAll('.cost').length > 0");
        Assert.That((await browser.Value(Answers + "[0].textContent.length")).GetInt32(), Is.GreaterThan(0));
    }

    private static async Task<string> Told(RunningServer server, string content)
    {
        var answer = await server.Post(
            "/v1/chat/completions",
            new { messages = new[] { new { role = "user", content } }, max_tokens = 512 }
        );
        return answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }

    // The boxes of chip and GPU end with the text that the API tells.
    private static async Task BothTell(Chromium browser, string text)
    {
        var texts = (await browser.Value(Answers + ".map(a => a.textContent)")).EnumerateArray().Select(t => t.GetString()).ToArray();
        Assert.That(texts, Is.EqualTo(new[] { text, text }));
        Assert.That((await browser.Value("document.querySelectorAll('h3')[1].textContent")).GetString(), Does.Contain("H200"));
    }

    // Two states are seen: text that grows while the answer runs, and the same text after it was stopped.
    private static async Task StopsInTheMiddle(Chromium browser)
    {
        await browser.Say("Tell me more");
        await browser.Until(Answers + "[0]?.textContent.length > 0 && " + Answers + "[0].classList.contains('running')");
        var before = (await browser.Value(Answers + "[0].textContent.length")).GetInt32();
        await browser.Value("document.querySelector('#stop').click()");
        await browser.Until("document.querySelector('#stop').disabled && !document.querySelector('#send').disabled");
        var stopped = (await browser.Value(Answers + "[0].textContent.length")).GetInt32();
        Assert.That(stopped, Is.GreaterThanOrEqualTo(before));
        await browser.Until("document.querySelector('#slots').textContent === '0 of 2'");
        await Task.Delay(100);
        Assert.That((await browser.Value(Answers + "[0].textContent.length")).GetInt32(), Is.EqualTo(stopped));
        Assert.That((await browser.Value("document.querySelectorAll('.error').length")).GetInt32(), Is.Zero);
    }
}
