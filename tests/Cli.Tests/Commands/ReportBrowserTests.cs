using System.Diagnostics;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>The report's page in Debian's Chromium, opened from disk: looks in every width and theme, accessibility, and the model inside
/// the page against the command line.</summary>
[Category("Smoke")]
[Category("Slow")]
[NonParallelizable]
public sealed class ReportBrowserTests
{
    private const string Chromium = "/usr/bin/chromium";

    // Keys for sliders, values for choices; several of each kind of control.
    private static readonly object[] Moves =
    [
        new Dictionary<string, string> { ["live-clock-ghz"] = "ArrowLeft" },
        new Dictionary<string, string> { ["live-weights"] = "rom4", ["live-users"] = "8" },
        new Dictionary<string, string> { ["live-bank-rows"] = "ArrowRight", ["live-input-tokens"] = "ArrowLeft" },
        new Dictionary<string, string> { ["live-usd-per-kwh"] = "ArrowRight", ["live-utilisation"] = "ArrowRight" },
        new Dictionary<string, string> { ["live-technology"] = "n5" },
    ];

    [Test]
    public void The_page_holds_in_every_width_and_theme_and_its_model_says_what_compare_says()
    {
        using var folder = new TemporaryFolder();
        var scripts = Scripts();
        var report = Invocation.Run("report", "llama-3.1-8b", "--sweep", Shared.InRepo("chips/sweeps/banks.yaml"), "-o", folder.File("r"));
        Assert.That(report.Code, Is.Zero, report.Error);
        var pictures = Directory.CreateDirectory(Path.Combine(TestContext.CurrentContext.WorkDirectory, "page")).FullName;
        var found = Drive(scripts, Path.Combine(folder.File("r"), "report.html"), pictures);
        Assert.Multiple(() =>
        {
            Assert.That(Strings(found, "requests"), Is.Empty, "no request leaves the page");
            Assert.That(Strings(found, "faults"), Is.Empty, "faults in the console");
            Assert.That(found.GetProperty("looks").GetArrayLength(), Is.EqualTo(8));
            foreach (var look in found.GetProperty("looks").EnumerateArray())
            {
                var name = $"{look.GetProperty("width")} {look.GetProperty("theme")}";
                Assert.That(Strings(look, "wrong"), Is.Empty, name);
                Assert.That(Strings(look, "serious"), Is.Empty, name);
                Assert.That(look.GetProperty("scrolls").GetBoolean(), Is.False, name);
            }

            Assert.That(found.GetProperty("printed").GetInt32(), Is.InRange(2, 8), "pages on paper");
            Assert.That(found.GetProperty("still").GetProperty("lead").GetString(), Does.StartWith("One user gets 17,000 tokens/s"));
            Assert.That(found.GetProperty("still").GetProperty("controls").GetBoolean(), Is.False, "no controls without scripts");
            Assert.That(found.GetProperty("live").GetBoolean(), Is.True, "this build carries the model");
        });
        TestContext.Out.WriteLine($"the model starts in {found.GetProperty("started")} ms");
        var places = new HashSet<string>(StringComparer.Ordinal);
        foreach (var move in found.GetProperty("moves").EnumerateArray())
        {
            TestContext.Out.WriteLine($"{move.GetProperty("name")}: {move.GetProperty("quick").GetProperty("milliseconds")} ms");
            places.Add(move.GetProperty("drawn").GetProperty("places").GetString()!);
            Check(move);
        }

        Assert.That(places, Has.Count.GreaterThan(3), "the picture follows");
    }

    // Every row of the command's tables, as printed, is in the page's tables: values and ratio, then the chip's and the GPU's interval.
    private static void Check(JsonElement move)
    {
        var name = move.GetProperty("name").GetString();
        var drawn = move.GetProperty("drawn");
        var words = drawn.GetProperty("command").GetString()!.Split(' ');
        var (code, output, error) = Invocation.Run([.. words.Skip(1)]);
        Assert.That(code, Is.Zero, error);
        var cells = Rows(drawn);
        var quick = Rows(move.GetProperty("quick"));
        var lines = output.Split('\n');
        Assert.Multiple(() =>
        {
            foreach (
                var label in new[]
                {
                    "speed per user, tokens/s",
                    "aggregate throughput, tokens/s",
                    "power, W",
                    "energy per token, mJ",
                    "cost per million tokens, USD",
                }
            )
            {
                var rows = cells.Where(c => c[0] == label).ToList();
                var printed = lines.First(l => l.Trim().StartsWith(label, StringComparison.Ordinal)).Trim()[label.Length..];
                Assert.That(rows, Has.Count.EqualTo(2), $"{name}: {label}");
                Assert.That(
                    rows.SelectMany(r => r.Skip(1)).Select(Value),
                    Is.EqualTo(printed.Split([' ', '+', '−', '~'], StringSplitOptions.RemoveEmptyEntries)),
                    $"{name}: {label}"
                );
                Assert.That(
                    quick.Where(c => c[0] == label).SelectMany(r => r.Skip(1)).Select(Value),
                    Is.EqualTo(rows.SelectMany(r => r.Skip(1)).Select(Value)),
                    $"{name}: {label} before intervals"
                );
                var intervals = lines.Where(l => l.Trim().StartsWith(label, StringComparison.Ordinal) && l.Contains('–')).ToList();
                for (var view = 0; view < intervals.Count && view < 2; view++)
                    foreach (var cell in rows[view].Skip(1).Take(2))
                        Assert.That(intervals[view], Does.Contain(Interval(cell)), $"{name}: {label}");
            }
        });
    }

    private static List<string[]> Rows(JsonElement texts) =>
        [.. texts.GetProperty("cells").EnumerateArray().Select(row => row.EnumerateArray().Select(c => c.GetString()!).ToArray())];

    private static string Value(string cell) => cell.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)[0];

    private static string Interval(string cell) => cell.Split('\n')[^1];

    private static string[] Strings(JsonElement found, string key) =>
        [.. found.GetProperty(key).EnumerateArray().Select(s => s.GetString()!).Distinct(StringComparer.Ordinal)];

    // Scripts beside their packages, which npm restores by the lock file.
    private static string Scripts()
    {
        if (!File.Exists(Chromium))
            Assert.Ignore($"{Chromium} is not installed");
        var target = Directory.CreateDirectory(Shared.InRepo("out/browser-tests")).FullName;
        var source = Shared.InRepo("tests/Support/Browser");
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        var (code, _, error) = Run("npm", target, null, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
        if (code != 0)
            Assert.Ignore($"npm cannot restore the packages of the page's tests: {error}");
        return target;
    }

    private static JsonElement Drive(string scripts, string page, string pictures)
    {
        var (code, output, error) = Run("node", scripts, JsonSerializer.Serialize(Moves), "page.mjs", page, pictures, Chromium);
        Assert.That(code, Is.Zero, error);
        return JsonElement.Parse(output);
    }

    private static (int Code, string Output, string Error) Run(string program, string folder, string? moves, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["MOVES"] = moves;
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore($"{program} is not installed");
            throw;
        }
    }
}
