using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>
/// Changed inputs of every kind end in an answer or in one line and exit code 1, 2 or 3, within 5 seconds of processor time and 500 MB. An
/// input that gives a message of a new form is kept and changed further, so that the search goes deeper where it finds something new.
/// <c>TAALAS_FUZZ_MINUTES=10 ./test --filter "FullyQualifiedName~FuzzTests&amp;Name~gguf"</c> searches one kind for ten minutes;
/// <c>TAALAS_FUZZ_SEED</c> repeats a search. Inputs that once failed are in <c>tests/golden/fuzz</c> and are tried first.
/// </summary>
[Category("Smoke"), NonParallelizable]
public partial class FuzzTests
{
    private const double MostSeconds = 5;
    private const long MostBytes = 500L << 20;

    private static readonly Dictionary<string, Func<TemporaryFolder, Target>> Targets = new(StringComparer.Ordinal)
    {
        ["gguf"] = Gguf,
        ["image"] = Image,
        ["chip-yaml"] = ChipYaml,
        ["fabric"] = folder => Description(folder, "fabrics", ["fit", "llama-3.2-1b", "--fabric"]),
        ["technology"] = folder => Description(folder, "technology", null),
        ["shape"] = folder => Description(folder, "models", ["fit"]),
        ["gpu"] = folder => Description(folder, "gpus", ["compare", "llama-3.2-1b", "--against"]),
        ["jinja"] = Jinja,
        ["gds"] = Gds,
        ["lora"] = Lora,
        ["journal"] = Journal,
        ["calibration"] = Calibration,
        ["key"] = Key,
    };

    private static IEnumerable<string> Names() => Targets.Keys;

    [TestCaseSource(nameof(Names))]
    public void Changed_inputs_end_in_an_answer_or_one_line(string name)
    {
        using var folder = new TemporaryFolder();
        var target = Targets[name](folder);
        var past = Shared.InRepo($"tests/golden/fuzz/{name}");
        foreach (var file in Directory.Exists(past) ? Directory.GetFiles(past) : [])
            Try(target, File.ReadAllBytes(file), Path.GetFileName(file));
        var seed = Number("TAALAS_FUZZ_SEED") is { } given ? (int)given : Random.Shared.Next();
        var time = Number("TAALAS_FUZZ_MINUTES") is { } minutes ? TimeSpan.FromMinutes(minutes) : TimeSpan.FromSeconds(1);
        var mutator = new Mutator(seed, target.Words);
        var random = new Random(seed);
        var corpus = target.Seeds.ToList();
        var forms = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in target.Seeds)
            forms.Add(Form(Try(target, input, "seed")));
        var tries = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time; tries++)
        {
            var input = mutator.Change(corpus[random.Next(corpus.Count)], corpus[random.Next(corpus.Count)], target.IsText, target.Head);
            if (input.Length > 4 << 20)
                continue;
            if (forms.Add(Form(Try(target, input, $"seed {seed}, try {tries}"))))
                corpus.Add(input);
        }

        TestContext.Out.WriteLine($"{name}: {tries} inputs, {forms.Count} forms of messages, seed {seed}");
    }

    private static string Try(Target target, byte[] input, string what)
    {
        // Where the process dies, the input is still there.
        Shared.Keep("last-of-fuzz", input);
        using var process = Process.GetCurrentProcess();
        var (before, memory) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes());
        string message;
        try
        {
            message = target.Run(input);
        }
        catch (InputException e)
        {
            message = e.Message;
        }
        catch (Exception e) when (e is not AssertionException)
        {
            throw new AssertionException($"{what}: {e.GetType().Name}: {e.Message}; the input is {Kept(input)}\n{e.StackTrace}", e);
        }

        process.Refresh();
        var seconds = (process.TotalProcessorTime - before).TotalSeconds;
        Assert.That(seconds, Is.LessThan(MostSeconds), $"{what}: {seconds} s; the input is {(seconds < MostSeconds ? "" : Kept(input))}");
        var held = GC.GetTotalMemory(forceFullCollection: false);
        Assert.That(held, Is.LessThan(MostBytes), $"{what}: {held} bytes after {GC.GetTotalAllocatedBytes() - memory}");
        var line = message.TrimEnd('\n');
        if (line.Any(c => c is '\n' or '\u001b' or '\0'))
            Assert.Fail($"{what}: {line}; the input is {Kept(input)}");
        return message;
    }

    private static string Kept(byte[] input) => Shared.Keep($"fuzz-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}", input);

    // Messages that differ in numbers and quoted texts alone have one form.
    private static string Form(string message) => Varying().Replace(message, "#");

    private static double? Number(string variable) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Float, CultureInfo.InvariantCulture, out var n)
            ? n
            : null;

    private sealed record Target(IReadOnlyList<byte[]> Seeds, Func<byte[], string> Run, bool IsText, int Head = 0)
    {
        public IReadOnlyList<string> Words { get; init; } = [];
    }

    // The program's answer to a command; anything but the documented exit codes fails.
    private static string Command(params string[] arguments)
    {
        var (code, _, error) = Invocation.Run(arguments);
        if (code is < 0 or > 3)
            throw new InvalidOperationException($"exit code {code}: {error}");
        return code == 0 ? "" : error;
    }

    private static Target Gguf(TemporaryFolder folder) =>
        new(
            [File.ReadAllBytes(TinyGguf), File.ReadAllBytes(Shared.InRepo("tests/golden/stories260K/stories260K-q8_0.gguf"))],
            input => Command("fit", folder.File("x.gguf", input)),
            IsText: false,
            Head: 6000
        )
        {
            Words = ["general.architecture", "llama", "tokenizer.ggml.tokens", "blk.0.attn_q.weight", "general.alignment", "GGUF"],
        };

    private static string TinyGguf => Path.Combine(Path.GetDirectoryName(Tiny.Value)!, "tiny.gguf");

    private static readonly Lazy<string> Tiny = new(() => TinyModel.Chip());

    // One file of the image is changed and its digests are made again.
    private static Target Image(TemporaryFolder folder)
    {
        string[] names = [ChipDirectory.DataflowName, ChipDirectory.TokenizerName, ChipDirectory.WeightsName];
        return new Target(
            [.. names.Select((n, i) => (byte[])[(byte)i, .. File.ReadAllBytes(Path.Combine(Tiny.Value, n))])],
            input =>
            {
                if (input.Length == 0)
                    return "";
                var chip = Copy(folder);
                var name = names[input[0] % names.Length];
                File.WriteAllBytes(Path.Combine(chip, name), input[1..]);
                var path = Path.Combine(chip, ChipDirectory.DescriptionName);
                var text = new Regex(
                    $@"(name: {Regex.Escape(name)}\n\s+bytes: )\d+(\n\s+sha256: )[0-9a-f]+",
                    RegexOptions.None,
                    TimeSpan.FromSeconds(5)
                ).Replace(File.ReadAllText(path), m =>
                    $"{m.Groups[1].Value}{input.Length - 1}{m.Groups[2].Value}{Convert.ToHexStringLower(SHA256.HashData(input.AsSpan(1)))}"
                );
                return Use(chip, text);
            },
            IsText: false
        );
    }

    private static Target ChipYaml(TemporaryFolder folder) =>
        new(
            [File.ReadAllBytes(Path.Combine(Tiny.Value, ChipDirectory.DescriptionName))],
            input => Use(Copy(folder), Encoding.UTF8.GetString(input)),
            IsText: true
        )
        {
            Words = ["banks: ", "outputs: ", "rom3", "f32", "../", "/dev/zero", "- { ", " }", "&a ", "*a", "null"],
        };

    private static string Copy(TemporaryFolder folder)
    {
        var chip = folder.File("x.chip");
        if (Directory.Exists(chip))
            Directory.Delete(chip, recursive: true);
        Directory.CreateDirectory(chip);
        foreach (var file in Directory.GetFiles(Tiny.Value))
            File.Copy(file, Path.Combine(chip, Path.GetFileName(file)));
        return chip;
    }

    private static string Use(string chip, string description)
    {
        var path = Path.Combine(chip, ChipDirectory.DescriptionName);
        File.WriteAllText(path, description);
        File.WriteAllText(Path.Combine(chip, ChipDirectory.DigestName), $"{ChipDirectory.Digest(path)}  chip.yaml\n");
        var said = Command("run", chip, "--prompt-ids", "1,2", "-n", "2", "--greedy");
        return said.Length > 0 ? said : Command("export", chip, "--timetable", chip + ".csv");
    }

    private static Target Description(TemporaryFolder folder, string kind, string[]? command)
    {
        var seeds = Directory.GetFiles(Shared.InRepo("chips/" + kind), "*.yaml").Order(StringComparer.Ordinal).Take(6);
        var fabric = File.ReadAllText(Shared.InRepo("chips/fabrics/demo.yaml"));
        return new Target(
            [.. seeds.Select(File.ReadAllBytes)],
            input =>
            {
                var file = folder.File("x.yaml", input);
                if (command is not null)
                    return Command([.. command, file]);
                // A technology is named by a fabric.
                var named = Regex.Replace(
                    fabric,
                    "^technology: .*$",
                    $"technology: {file}",
                    RegexOptions.Multiline,
                    TimeSpan.FromSeconds(5)
                );
                return Command("fit", "llama-3.2-1b", "--fabric", folder.Write("f.yaml", named));
            },
            IsText: true
        )
        {
            Words = ["base: hc1", "{ value: 1, low: 0, high: 2 }", "- ", "&a ", "*a", "!!int ", "bank:", "network:", "~", "[[[[", "{{{{"],
        };
    }

    private static Target Jinja(TemporaryFolder folder)
    {
        _ = folder;
        var tokenizer = TextTokenizer.Create(
            TokenizerDataFile.Read(File.ReadAllBytes(Path.Combine(Invocation.DemoChip, ChipDirectory.TokenizerName)))
        );
        return new Target(
            [
                Encoding.UTF8.GetBytes(
                    "{% for m in messages %}<|{{ m['role'] }}|>{{ m.content | trim }}{% endfor %}{% if "
                        + "add_generation_prompt %}x{% endif %}"
                ),
                Encoding.UTF8.GetBytes(
                    "{%- macro f(a, b=1) -%}{{ a ~ b }}{%- endmacro -%}{{ f('x') }}{% set ns = namespace(i=0) %}{% for "
                        + "k, v in {'a': [1,2]}.items() %}{% set ns.i = ns.i + v|length %}{% endfor %}{{ ns.i }}"
                ),
                Encoding.UTF8.GetBytes(
                    "{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join(',') | upper "
                        + "}}{{ range(3) | list | tojson(indent=2) }}"
                ),
                Encoding.UTF8.GetBytes(
                    "{{ (1 + 2 * 3 - 4 // 2) ** 2 }}{{ 'a' if 1 < 2 and not false else 'b' }}{{ 'abc'[::-1] }}{{ "
                        + "raise_exception('no') }}"
                ),
            ],
            input =>
                ChatPrompt
                    .Render(
                        tokenizer,
                        ChatPrompt.Parse(Encoding.UTF8.GetString(input)),
                        [new ChatMessage("user", "hello"), new ChatMessage("assistant", "yes")],
                        DateTime.UnixEpoch
                    )
                    .Length < 0
                    ? "never"
                    : "",
            IsText: false
        )
        {
            Words =
            [
                "{{",
                "}}",
                "{%",
                "%}",
                " for x in range(100000) ",
                "|length",
                "|replace('a','b')",
                "((((",
                "[[[[",
                "*1000000",
                "'a'*",
                "endfor",
                "x.y",
            ],
        };
    }

    private static Target Gds(TemporaryFolder folder)
    {
        var gds = folder.File("seed.gds");
        Assert.That(Invocation.Run("export", Tiny.Value, "--gds", gds).Code, Is.Zero);
        return new Target(
            [File.ReadAllBytes(gds)],
            input => Command("import", folder.File("x.gds", input), "--like", Tiny.Value, "-o", folder.File("out.chip")),
            IsText: false,
            Head: 4000
        );
    }

    private static Target Lora(TemporaryFolder folder)
    {
        var adapter = AdapterCommandTests.AdapterFile;
        return new Target(
            [File.ReadAllBytes(adapter)],
            input => Command("fit", Taalas.StoriesModel, "--lora-sram", folder.File("x.gguf", input)),
            IsText: false,
            Head: 1000
        )
        {
            Words = [".lora_a", ".lora_b", "adapter.lora.alpha"],
        };
    }

    private static Target Journal(TemporaryFolder folder)
    {
        var (done, spec) = (folder.File("done"), Shared.InRepo("chips/sweeps/demo.yaml"));
        Assert.That(Invocation.Run("sweep", spec, "-o", done).Code, Is.Zero);
        return new Target(
            [File.ReadAllBytes(Path.Combine(done, "sweep.journal"))],
            input =>
            {
                var again = Directory.CreateDirectory(folder.File("again")).FullName;
                File.WriteAllBytes(Path.Combine(again, "sweep.journal"), input);
                return Command("sweep", spec, "-o", again);
            },
            IsText: true
        );
    }

    private static Target Calibration(TemporaryFolder folder) =>
        new(
            [File.ReadAllBytes(Shared.InRepo("tests/golden/story.txt"))[..400]],
            input => Command("perplexity", Tiny.Value, "-f", folder.File("x.txt", input), "--context", "8", "--chunks", "1"),
            IsText: true
        );

    private static Target Key(TemporaryFolder folder)
    {
        Assert.That(Invocation.Run("key", "new", "-o", folder.File("seed")).Code, Is.Zero);
        return new Target(
            [File.ReadAllBytes(folder.File("seed.pub")), File.ReadAllBytes(folder.File("seed.key"))],
            input => Command("run", Tiny.Value, "--prompt-ids", "1", "-n", "1", "--trust", folder.File("x.pub", input)),
            IsText: false
        );
    }

    [GeneratedRegex(@"[0-9]+|'[^']*'|/[^ :]*", RegexOptions.CultureInvariant)]
    private static partial Regex Varying();
}
