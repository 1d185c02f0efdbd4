using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using TaalasSim.Support;

namespace TaalasSim.Server.Tests.Page;

/// <summary>A page in Chromium without a window, driven by its DevTools protocol.</summary>
internal sealed class Chromium : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    private readonly Process _process;
    private readonly TemporaryFolder _profile;
    private readonly ClientWebSocket _socket = new();
    private int _commands;

    private Chromium(Process process, TemporaryFolder profile) => (_process, _profile) = (process, profile);

    /// <summary>The program; null when this machine has none.</summary>
    public static string? Program =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    /// <summary>Addresses that the page has asked for.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Faults of the page's script, and what it refused.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Starts it with an empty page.</summary>
    public static async Task<Chromium> Start()
    {
        var profile = new TemporaryFolder();
        string[] arguments =
        [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--remote-debugging-port=0",
            "--user-data-dir=" + profile.Path,
            "about:blank",
        ];
        var start = new ProcessStartInfo(Program!, arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var browser = new Chromium(Process.Start(start)!, profile);
        await browser.Connect();
        return browser;
    }

    /// <summary>Opens an address.</summary>
    public Task Open(Uri address) => Send("Page.navigate", new { url = address.ToString() });

    /// <summary>Makes the page as wide and high, dark or bright.</summary>
    public async Task Look(int width, int height, bool isDark)
    {
        await Send(
            "Emulation.setDeviceMetricsOverride",
            new
            {
                width,
                height,
                deviceScaleFactor = 1,
                mobile = width < 600,
            }
        );
        var features = new[] { new { name = "prefers-color-scheme", value = isDark ? "dark" : "light" } };
        await Send("Emulation.setEmulatedMedia", new { features });
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonElement> Value(string expression)
    {
        var answer = await Send(
            "Runtime.evaluate",
            new
            {
                expression,
                returnByValue = true,
                awaitPromise = true,
            }
        );
        return answer.TryGetProperty("exceptionDetails", out var fault) ? throw new InvalidOperationException(fault.GetRawText())
            : answer.GetProperty("result").TryGetProperty("value", out var value) ? value
            : default;
    }

    /// <summary>Waits until an expression is true.</summary>
    public async Task Until(string expression)
    {
        var watch = Stopwatch.StartNew();
        while (!(await Value($"!!({expression})")).GetBoolean())
        {
            if (watch.Elapsed > Patience)
                throw new TimeoutException(expression + " did not become true; the page says: " + await Value("document.body.innerText"));
            await Task.Delay(20);
        }
    }

    /// <summary>Types a text into what has the focus, and presses Enter.</summary>
    public async Task Say(string text)
    {
        await Send("Input.insertText", new { text });
        foreach (var type in new[] { "keyDown", "keyUp" })
            await Send(
                "Input.dispatchKeyEvent",
                new
                {
                    type,
                    key = "Enter",
                    code = "Enter",
                    windowsVirtualKeyCode = 13,
                    text = "\r",
                }
            );
    }

    /// <summary>A picture of the page as PNG, kept where TAALAS_KEEP_PICTURES says.</summary>
    public async Task Picture(string name)
    {
        if (Environment.GetEnvironmentVariable("TAALAS_KEEP_PICTURES") is not { Length: > 0 } folder)
            return;
        var answer = await Send("Page.captureScreenshot", new { format = "png" });
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, name + ".png"), answer.GetProperty("data").GetBytesFromBase64());
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _profile.Dispose();
    }

    private async Task Connect()
    {
        var file = Path.Combine(_profile.Path, "DevToolsActivePort");
        var watch = Stopwatch.StartNew();
        while (!File.Exists(file) || (await File.ReadAllLinesAsync(file)).Length < 2)
        {
            if (_process.HasExited || watch.Elapsed > Patience)
                throw new InvalidOperationException("Chromium did not start: " + await _process.StandardError.ReadToEndAsync());
            await Task.Delay(20);
        }
        _ = _process.StandardError.ReadToEndAsync();
        _ = _process.StandardOutput.ReadToEndAsync();
        using var client = new HttpClient();
        var pages = JsonElement.Parse(await client.GetStringAsync($"http://127.0.0.1:{(await File.ReadAllLinesAsync(file))[0]}/json"));
        var page = pages.EnumerateArray().First(p => p.GetProperty("type").GetString() == "page");
        await _socket.ConnectAsync(new Uri(page.GetProperty("webSocketDebuggerUrl").GetString()!), CancellationToken.None);
        foreach (var domain in new[] { "Page", "Runtime", "Network", "Log" })
            await Send(domain + ".enable", new { });
    }

    private async Task<JsonElement> Send(string method, object parameters)
    {
        var id = ++_commands;
        var command = new
        {
            id,
            method,
            @params = parameters,
        };
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(command), WebSocketMessageType.Text, true, CancellationToken.None);
        while (true)
        {
            var message = await Receive();
            if (!message.TryGetProperty("id", out var answered))
                Note(message);
            else if (answered.GetInt32() == id)
                return message.TryGetProperty("error", out var error)
                    ? throw new InvalidOperationException(method + ": " + error.GetRawText())
                    : message.GetProperty("result");
        }
    }

    private async Task<JsonElement> Receive()
    {
        using var limit = new CancellationTokenSource(Patience);
        using var all = new MemoryStream();
        var buffer = new byte[1 << 16];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, limit.Token);
            all.Write(buffer, 0, part.Count);
        } while (!part.EndOfMessage);
        return JsonElement.Parse(all.ToArray());
    }

    private void Note(JsonElement message)
    {
        var parameters = message.GetProperty("params");
        switch (message.GetProperty("method").GetString())
        {
            case "Network.requestWillBeSent":
                Requests.Add(parameters.GetProperty("request").GetProperty("url").GetString()!);
                break;
            case "Runtime.exceptionThrown":
                Faults.Add(parameters.GetRawText());
                break;
            case "Log.entryAdded" when parameters.GetProperty("entry").GetProperty("source").GetString() is "security" or "javascript":
                Faults.Add(parameters.GetRawText());
                break;
        }
    }
}
