using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>The JSON of every command: one object with a version, keys in one form, units by one rule, faults as JSON, too.</summary>
[Category("Smoke")]
[NonParallelizable]
public sealed class JsonTests
{
    private static readonly string Folder = TemporaryFolder.New();

    internal static readonly Dictionary<string, string[][]> Documents = new(StringComparer.Ordinal)
    {
        ["demo"] =
        [
            ["-o", "{out}/demo"],
        ],
        ["inspect"] =
        [
            ["chips/demo/stories.gguf"],
            ["{chip}"],
        ],
        ["quantize"] =
        [
            ["chips/demo/stories.gguf", "{out}/q.gguf", "q8_0", "--allow-requantize"],
        ],
        ["fit"] =
        [
            ["llama-3.1-8b", "--fabric", "hc1"],
            ["llama-3.1-70b", "--fabric", "hc1"],
            ["llama-3.1-8b", "--explain", "die_area"],
        ],
        ["compile"] =
        [
            ["chips/demo/stories.gguf", "-o", "{out}/new.chip"],
        ],
        ["run"] =
        [
            ["{chip}", "-p", "Once", "-n", "3", "--profile", "--probe", "100"],
            ["{chip}", "-p", "Once", "-n", "0"],
        ],
        ["forecast"] =
        [
            ["{tiny}", "--csv", "{tiny}/series.csv", "--horizon", "4", "--baseline", "{tiny}"],
        ],
        ["compare"] =
        [
            ["llama-3.1-8b"],
            ["llama-3.1-8b", "--explain", "watts"],
        ],
        ["advise"] =
        [
            ["llama-3.2-1b", "--rate", "4", "--requests", "50", "--output-tokens", "50", "--gpus", "h200,apple-m4-max"],
        ],
        ["replay"] =
        [
            ["llama-3.2-1b", "--rate", "1,4", "--requests", "20", "--output-tokens", "50", "--pairs"],
        ],
        ["sweep"] =
        [
            ["chips/sweeps/demo.yaml", "-o", "{out}/sweep", "--draws", "20"],
        ],
        ["report"] =
        [
            ["llama-3.1-8b", "-o", "{out}/report"],
        ],
        ["export"] =
        [
            ["{chip}", "--gds", "{out}/s.gds", "--bank", "0", "--check"],
            ["{chip}", "--trace", "{out}/s.json"],
            ["{chip}", "--timetable", "{out}/s.csv"],
            ["{chip}", "--runtime-image", "{out}/s.image"],
            ["{chip}", "--verilog", "{out}/v"],
            ["{chip}", "--verilog", "{out}/p", "--port", "blk.0.ffn_down.weight"],
            ["{chip}", "--pictures", "{out}/pictures"],
        ],
        ["import"] =
        [
            ["{out}/whole.gds", "--like", "{chip}", "-o", "{out}/drawn.chip"],
        ],
        ["verify-rtl"] =
        [
            ["{small}", "--port", "blk.0.attn_k.weight"],
        ],
        ["bench"] =
        [
            ["{chip}", "-p", "4", "-n", "2", "-r", "1", "--no-warmup"],
        ],
        ["perplexity"] =
        [
            ["{chip}", "-f", "chips/demo/story.txt", "-c", "64", "--chunks", "2", "--baseline", "reference"],
        ],
        ["curve"] =
        [
            ["chips/demo/stories.gguf", "-f", "chips/demo/story.txt", "-c", "64", "--chunks", "2", "--axis", "kv", "--bits", "8"],
        ],
        ["validate"] =
        [
            ["formula"],
        ],
        ["cost"] =
        [
            ["llama-3.1-8b"],
            ["llama-3.1-8b", "--explain", "usd_per_million_tokens"],
        ],
        ["diff"] =
        [
            ["{chip}", "{chip}", "--gds", "{out}/d.gds"],
        ],
        ["list"] =
        [
            ["gpus"],
        ],
    };

    // Abbreviations of units that a key may end in; words such as watts are a part of a key.
    private static readonly string[] Units = ["us", "s", "ns", "mm2", "um2", "nm", "mm", "ps", "pct", "usd", "ghz", "mb", "gib", "ts"];

    private static IEnumerable<TestCaseData> Cases() =>
        Documents.SelectMany(d => d.Value.Select((arguments, i) => new TestCaseData(d.Key, arguments).SetArgDisplayNames(d.Key, $"{i}")));

    [Test]
    public void Every_command_with_json_is_walked() =>
        Assert.That(
            // These two need a Hub or a model folder; HubCommandTests reads their documents.
            CommandLine
                .Root()
                .Subcommands.Where(c => c.Options.Any(o => o.Name == "--json") && c.Name is not ("pull" or "convert"))
                .Select(c => c.Name),
            Is.EquivalentTo(Documents.Keys)
        );

    [TestCaseSource(nameof(Cases))]
    public void A_document_has_its_version_and_keys_by_the_rule(string command, string[] arguments)
    {
        if (command == "verify-rtl")
            Tools.Need("verilator");
        if (command == "import")
            Assert.That(Invocation.Run("export", Invocation.DemoChip, "--gds", Path.Combine(Folder, "whole.gds")).Code, Is.Zero);
        var (code, output, error) = Invocation.Run([command, .. arguments.Select(a => Place(a, Folder)), "--json"]);
        Assert.That(code, Is.AnyOf(0, 1), error);
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        var keys = Keys(root, command == "bench").ToHashSet(StringComparer.Ordinal);
        Assert.Multiple(() =>
        {
            Assert.That(root.ValueKind, Is.EqualTo(JsonValueKind.Object));
            Assert.That(root.EnumerateObject().First().Name, Is.EqualTo("schema_version"));
            Assert.That(root.GetProperty("schema_version").GetInt32(), Is.EqualTo(1));
            Assert.That(error, Is.Empty);
            Assert.That(keys, Has.All.Match("^[a-z][a-z0-9_]*$"));
            Assert.That(
                keys,
                Has.None.Match(
                    "(?<!_per)_(seconds?|secs?|millis|ms|milliseconds|microseconds|micros|nanoseconds|minutes|hours|ghz_|sqmm|percent)$"
                )
            );
            // Host times are in seconds; microseconds are the chip's.
            Assert.That(keys.Where(k => k.EndsWith("_s", StringComparison.Ordinal)), Is.SubsetOf((string[])["wall_s", "build_s", "run_s"]));
            Assert.That(
                keys.Where(k => Regex.IsMatch(k, "_(us|ns|um2|mm2)$")).Select(k => k[(k.LastIndexOf('_') + 1)..]).Distinct(),
                Is.SubsetOf(Units)
            );
        });
    }

    [TestCase(2, "frobnicate")]
    [TestCase(2, "run", "no-such.chip", "-p", "x")]
    [TestCase(2, "run", "no-such.chip", "-p", "x", "--top-p", "5")]
    [TestCase(2, "fit", "no-such-model")]
    [TestCase(2, "compare", "llama-3.1-8b", "--against", "abacus")]
    [TestCase(2, "compare", "llama-3.1-8b", "--output", "99999999")]
    public void A_fault_is_one_object_on_standard_error(int exitCode, params string[] arguments)
    {
        var (code, output, error) = Invocation.Run([.. arguments, "--json"]);
        Assert.That(code, Is.EqualTo(exitCode));
        using var document = JsonDocument.Parse(error);
        var fault = document.RootElement.GetProperty("error");
        Assert.Multiple(() =>
        {
            Assert.That(output, Is.Empty);
            Assert.That(error.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1));
            Assert.That(document.RootElement.GetProperty("schema_version").GetInt32(), Is.EqualTo(1));
            Assert.That(fault.GetProperty("exit_code").GetInt32(), Is.EqualTo(exitCode));
            Assert.That(fault.GetProperty("message").GetString(), Is.Not.Empty);
        });
    }

    [Test]
    public void A_remark_is_in_the_document_and_for_people_on_standard_error()
    {
        var (_, output, silent) = Invocation.Run("cost", "llama-3.1-8b", "--output", "100", "--json");
        var (_, _, told) = Invocation.Run("cost", "llama-3.1-8b", "--output", "100");
        using var document = JsonDocument.Parse(output);
        Assert.Multiple(() =>
        {
            Assert.That(document.RootElement.GetProperty("notices")[0].GetString(), Does.StartWith("--output is now --output-tokens"));
            Assert.That(silent, Is.Empty);
            Assert.That(told, Does.StartWith("taalas: --output is now --output-tokens"));
        });
    }

    /// <summary>An argument with its places filled in.</summary>
    internal static string Place(string argument, string folder) =>
        argument
            .Replace("{chip}", Invocation.DemoChip)
            .Replace("{small}", TinyModel.SharedChip)
            .Replace("{tiny}", TinyTimesFm.Folder)
            .Replace("{out}", folder)
            .Replace("chips/", Shared.InRepo("chips/"));

    // The rows of llama-bench keep its names.
    private static IEnumerable<string> Keys(JsonElement element, bool bench) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .Where(p => !bench || p.Name != "tests")
                .SelectMany(p => Keys(p.Value, bench).Prepend(p.Name)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(e => Keys(e, bench)),
            _ => [],
        };
}
