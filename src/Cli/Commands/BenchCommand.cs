using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
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
    private readonly Option<int> _repetitions = new("-r", "--repetitions")
    {
        Description = "Repetitions of each test.",
        DefaultValueFactory = _ => 5,
        HelpName = "N",
    };
    private readonly Option<string> _output = new("-o", "--output")
    {
        Description = "Output format.",
        DefaultValueFactory = _ => "md",
        HelpName = string.Join('|', BenchOutput.Formats),
    };
    private readonly Option<string?> _outputError = new("-oe", "--output-err")
    {
        Description = "Print to standard error too, in that format.",
        HelpName = string.Join('|', BenchOutput.Formats),
    };
    private readonly Option<bool> _noWarmUp = new("--no-warmup") { Description = "Skip the untimed warm-up run of each test." };
    private readonly SimulationOptions _simulation = new();

    public static Command Create()
    {
        var self = new BenchCommand();
        self._output.AcceptOnlyFromAmong(BenchOutput.Formats);
        self._outputError.AcceptOnlyFromAmong(BenchOutput.Formats);
        var command = new Command(
            "bench",
            "Time prefill and generation like llama-bench; the hw columns describe the simulated chip. Example: ./taalas bench stories.chip -p 64,128 -n 32 -r 3"
        )
        {
            self._chip,
            self._prompt,
            self._generate,
            self._both,
            self._depth,
            self._threads,
            self._repetitions,
            self._output,
            self._outputError,
            self._noWarmUp,
        };
        self._simulation.AddWithoutThreadsTo(command);
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        var tests = Tests(
            Numbers(parsed, _prompt),
            Numbers(parsed, _generate),
            [.. (parsed.GetValue(_both) ?? []).Select(pair => NumberList.Parse("-pg", pair))],
            Numbers(parsed, _depth)
        );
        var threadCounts = Numbers(parsed, _threads)
            .Select(t =>
                t == 0 ? Environment.ProcessorCount
                : t <= 1024 ? t
                : throw new InputException($"-t {t}: use 1…1024")
            )
            .ToArray();
        var repeat = parsed.GetValue(_repetitions) is > 0 and <= 10_000 and var r
            ? r
            : throw new InputException($"-r {parsed.GetValue(_repetitions)}: use 1…10000");
        var rows = Measure(parsed, tests, threadCounts, repeat, cancel);
        Console.Out.Write(BenchOutput.Write(parsed.GetValue(_output)!, rows));
        if (parsed.GetValue(_outputError) is { } format)
            Console.Error.Write(BenchOutput.Write(format, rows));
        return ExitCode.Done;
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
