using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Fit;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Cli.Commands;

/// <summary><c>bench CHIP</c>: llama-bench's tests, timed on the host and on the simulated chip.</summary>
internal sealed class BenchCommand
{
    private const uint Seed = 1234;

    private readonly Argument<string> _chip = new("CHIP") { Description = "Folder of a chip image." };
    private readonly Option<string[]> _prompt = List("Prompt lengths; 0 for no prompt test.", "512", "-p", "--n-prompt");
    private readonly Option<string[]> _generate = List("Tokens to generate; 0 for no generation test.", "128", "-n", "--n-gen");
    private readonly Option<string[]> _both = new("-pg")
    {
        Description = "A prompt followed by generation; may be given several times.",
        HelpName = "P,N",
    };
    private readonly Option<string[]> _depth = List("Tokens in the context before each test.", "0", "-d", "--n-depth");
    private readonly Option<string[]> _threads = List("Host threads (0: one per core).", "0", "-t", "--threads");
    private readonly NumberOption<int> _repetitions = new(Ranges.Repetitions, 5, "Repetitions of each test.", "-r", "--repetitions");
    private readonly Option<string> _format = new("--format", "-o")
    {
        Description = "Format of the table; the short name is llama-bench's.",
        DefaultValueFactory = _ => "md",
        HelpName = string.Join('|', BenchOutput.Formats),
    };
    private readonly Option<string?> _formatError = new("--format-err", "-oe")
    {
        Description = "Print to standard error too, in that format.",
        HelpName = string.Join('|', BenchOutput.Formats),
    };
    private readonly Option<bool> _noWarmUp = new("--no-warmup") { Description = "Skip the untimed warm-up run of each test." };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly SimulationOptions _simulation = new();

    public static Command Create()
    {
        var self = new BenchCommand();
        self._format.AcceptOneOf(BenchOutput.Formats);
        self._formatError.AcceptOneOf(BenchOutput.Formats);
        var command = new Command(
            "bench",
            "Time prefill and generation like llama-bench; the hw columns describe the simulated chip. Example: ./taalas bench "
                + "stories.chip -p 64,128 -n 32 -r 3"
        )
        {
            self._chip,
            self._prompt,
            self._generate,
            self._both,
            self._depth,
            self._threads,
            self._repetitions,
            self._format,
            self._formatError,
            self._noWarmUp,
            self._json,
        };
        self._simulation.AddWithoutThreadsTo(command);
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(_json) && parsed.GetResult(_format) is { Implicit: false })
            throw new InputException("--json writes one document of its own; leave out --format, or --json for llama-bench's formats");
        var depths = Numbers(parsed, _depth);
        var threadCounts = Numbers(parsed, _threads)
            .Select(t =>
                t == 0 ? Environment.ProcessorCount
                : t <= 1024 ? t
                : throw new InputException($"-t {t}: use 1…1024")
            )
            .ToArray();
        var context = Context(parsed);
        var prompts = Fitting(parsed, _prompt, context - depths.Max());
        var generate = Fitting(parsed, _generate, context - depths.Max() - 1);
        var tests = Tests(prompts, generate, [.. (parsed.GetValue(_both) ?? []).Select(pair => NumberList.Parse("-pg", pair))], depths);
        // Told when every list is known to be right.
        TellOfShorter(parsed, _prompt, prompts, "prompt");
        TellOfShorter(parsed, _generate, generate, "answer");
        var rows = Measure(parsed, tests, threadCounts, parsed.GetValue(_repetitions), cancel);
        if (parsed.GetValue(_json))
            Json.Write(new { Seed, Tests = BenchOutput.Objects(rows) });
        else
            Console.Out.Write(BenchOutput.Write(parsed.GetValue(_format)!, rows));
        if (parsed.GetValue(_formatError) is { } format)
            Console.Error.Write(BenchOutput.Write(format, rows));
        return ExitCode.Done;
    }

    // Tokens that a test can hold.
    private int Context(ParseResult parsed)
    {
        var chip = ChipDirectory.ReadDescription(parsed.GetRequiredValue(_chip));
        var most = CheckFit.LongestContext(chip.Model, chip.Fabric, users: 1, chip.Plan().AdapterBytes);
        return _simulation.ContextOf(parsed) is > 0 and var asked ? Math.Min(asked, most) : most;
    }

    // Standard lengths shrink to the context; lengths that were asked for are refused when their test begins.
    private static IReadOnlyList<int> Fitting(ParseResult parsed, Option<string[]> option, int most)
    {
        var lengths = Numbers(parsed, option);
        return parsed.GetResult(option) is { Implicit: false } || most < 1 || lengths[0] <= most ? lengths : [most];
    }

    private static void TellOfShorter(ParseResult parsed, Option<string[]> option, IReadOnlyList<int> lengths, string what)
    {
        var standard = Numbers(parsed, option)[0];
        if (lengths[0] != standard)
            Notices.Tell($"{lengths[0]} {what} tokens instead of {standard}: the context holds no more; choose with {option.Name}");
    }

    private static IReadOnlyList<int> Numbers(ParseResult parsed, Option<string[]> option) =>
        NumberList.Parse(option.Name, string.Join(',', parsed.GetValue(option)!));

    private List<BenchRow> Measure(
        ParseResult parsed,
        List<(int Prompt, int Generate, int Depth)> tests,
        int[] threadCounts,
        int repetitions,
        CancellationToken cancel
    )
    {
        var folder = parsed.GetRequiredValue(_chip);
        var rows = new List<BenchRow>();
        var total = tests.Count * threadCounts.Length;
        using var line = new ProgressLine();
        foreach (var count in threadCounts)
        {
            using var machine = _simulation.PowerOn(parsed, folder, count, cancel);
            machine.AwaitCheck(cancel);
            var setup = Setup(machine, folder, _simulation.NumericsOf(parsed), count);
            foreach (var (p, n, d) in tests)
            {
                line.Show($"test {rows.Count + 1} of {total}", (double)rows.Count / total);
                if (!parsed.GetValue(_noWarmUp))
                    new SpeedTest(machine).Run(d, p, n, Seed, cancel);
                rows.Add(
                    new BenchRow
                    {
                        Setup = setup,
                        Prompt = p,
                        Generated = n,
                        Depth = d,
                        Time = DateTimeOffset.UtcNow,
                        IdleWatts = machine.IdleWatts,
                        Samples = [.. Enumerable.Range(0, repetitions).Select(_ => new SpeedTest(machine).Run(d, p, n, Seed, cancel))],
                    }
                );
            }
        }

        return rows;
    }

    // As in llama-bench, lists may hold commas and the option may be repeated.
    private static Option<string[]> List(string description, string standard, string name, string alias) =>
        new(name, alias)
        {
            Description = description,
            DefaultValueFactory = _ => [standard],
            HelpName = "N,…",
        };

    private static List<(int Prompt, int Generate, int Depth)> Tests(
        IReadOnlyList<int> prompts,
        IReadOnlyList<int> generate,
        IReadOnlyList<IReadOnlyList<int>> both,
        IReadOnlyList<int> depths
    )
    {
        var tests = new List<(int, int, int)>();
        foreach (var d in depths)
        {
            tests.AddRange(prompts.Where(p => p > 0).Select(p => (p, 0, d)));
            tests.AddRange(generate.Where(n => n > 0).Select(n => (0, n, d)));
            foreach (var pair in both)
            {
                if (pair is not [> 0, > 0])
                    throw new InputException("-pg: use a prompt length and a number of tokens, such as -pg 256,64");
                tests.Add((pair[0], pair[1], d));
            }
        }

        return tests.Count > 0 ? tests : throw new InputException("nothing to time; give -p, -n or -pg above 0");
    }

    private static List<(string Key, object Value)> Setup(SimulatedHost machine, string folder, Numerics numerics, int threads)
    {
        var chip = machine.Chip;
        var version = Product.Name[(Product.Name.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        var plus = version.IndexOf('+', StringComparison.Ordinal);
        var kv = numerics == Numerics.Hardware ? string.Create(CultureInfo.InvariantCulture, $"kv{chip.Fabric.Numerics.KvBits}") : "f16";
        var count = chip.Resources.Weights;
        var size =
            count < 1_000_000_000
                ? string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.#}M")
                : string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:0.#}B");
        return
        [
            ("build_commit", plus < 0 ? version : version[(plus + 1)..]),
            ("build_number", 0L),
            ("cpu_info", machine.Backend),
            ("gpu_info", $"{chip.Fabric.Name} (simulated)"),
            ("backends", "HWCHIP"),
            ("model_filename", folder),
            ("model_type", $"{chip.Model.Architecture} {size} {chip.Source.Weights}"),
            ("model_size", (chip.Resources.WeightsLayerBits + 7) / 8),
            ("model_n_params", count),
            ("n_batch", (long)Math.Min(512, machine.Context)),
            ("n_ubatch", (long)Math.Min(512, machine.Context)),
            ("n_threads", (long)threads),
            ("cpu_mask", "0x0"),
            ("cpu_strict", false),
            ("poll", 0L),
            ("type_k", kv),
            ("type_v", kv),
            ("n_gpu_layers", (long)chip.Model.Layers),
            ("split_mode", "layer"),
            ("main_gpu", 0L),
            ("no_kv_offload", false),
            ("flash_attn", false),
            ("tensor_split", "0.00"),
            ("use_mmap", true),
            ("embeddings", false),
        ];
    }
}
