using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Cli.Commands;

/// <summary><c>bench CHIP</c>: llama-bench's tests, timed on the host and on the simulated chip.</summary>
internal static class BenchCommand
{
    private const uint Seed = 1234;

    public static Command Create()
    {
        var chip = new Argument<string>("CHIP") { Description = "Folder of a chip image." };
        var prompt = List("Prompt lengths; 0 for no prompt test.", "512", "-p", "--n-prompt");
        var generate = List("Tokens to generate; 0 for no generation test.", "128", "-n", "--n-gen");
        var both = new Option<string[]>("-pg")
        {
            Description = "A prompt followed by generation; may be given several times.",
            HelpName = "P,N",
        };
        var depth = List("Tokens in the context before each test.", "0", "-d", "--n-depth");
        var threads = List("Host threads (0: one per core).", "0", "-t", "--threads");
        var repetitions = new Option<int>("-r", "--repetitions")
        {
            Description = "Repetitions of each test.",
            DefaultValueFactory = _ => 5,
            HelpName = "N",
        };
        var output = new Option<string>("-o", "--output")
        {
            Description = "Output format.",
            DefaultValueFactory = _ => "md",
            HelpName = string.Join('|', BenchOutput.Formats),
        };
        output.AcceptOnlyFromAmong(BenchOutput.Formats);
        var outputError = new Option<string?>("-oe", "--output-err")
        {
            Description = "Print to standard error too, in that format.",
            HelpName = string.Join('|', BenchOutput.Formats),
        };
        outputError.AcceptOnlyFromAmong(BenchOutput.Formats);
        var noWarmUp = new Option<bool>("--no-warmup") { Description = "Skip the untimed warm-up run of each test." };
        var simulation = new SimulationOptions();
        var command = new Command(
            "bench",
            "Time prefill and generation like llama-bench; the hw columns describe the simulated chip. Example: ./taalas bench stories.chip -p 64,128 -n 32 -r 3"
        )
        {
            chip,
            prompt,
            generate,
            both,
            depth,
            threads,
            repetitions,
            output,
            outputError,
            noWarmUp,
        };
        simulation.AddWithoutThreadsTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                IReadOnlyList<int> Numbers(Option<string[]> option) =>
                    NumberList.Parse(option.Name, string.Join(',', parsed.GetValue(option)!));
                var tests = Tests(
                    Numbers(prompt),
                    Numbers(generate),
                    [.. (parsed.GetValue(both) ?? []).Select(pair => NumberList.Parse("-pg", pair))],
                    Numbers(depth)
                );
                var threadCounts = Numbers(threads)
                    .Select(t =>
                        t == 0 ? Environment.ProcessorCount
                        : t <= 1024 ? t
                        : throw new InputException($"-t {t}: use 1…1024")
                    )
                    .ToArray();
                var repeat = parsed.GetValue(repetitions) is > 0 and <= 10_000 and var r
                    ? r
                    : throw new InputException($"-r {parsed.GetValue(repetitions)}: use 1…10000");
                var folder = parsed.GetRequiredValue(chip);
                var rows = new List<BenchRow>();
                using (var line = new ProgressLine())
                {
                    foreach (var count in threadCounts)
                    {
                        using var machine = simulation.PowerOn(parsed, folder, count, cancel);
                        machine.AwaitCheck(cancel);
                        var setup = Setup(machine, folder, simulation.NumericsOf(parsed), count);
                        foreach (var (p, n, d) in tests)
                        {
                            line.Show(
                                $"test {rows.Count + 1} of {tests.Count * threadCounts.Length}",
                                (double)rows.Count / (tests.Count * threadCounts.Length)
                            );
                            if (!parsed.GetValue(noWarmUp))
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
                                    Samples =
                                    [
                                        .. Enumerable.Range(0, repeat).Select(_ => new SpeedTest(machine).Run(d, p, n, Seed, cancel)),
                                    ],
                                }
                            );
                        }
                    }
                }

                Console.Out.Write(BenchOutput.Write(parsed.GetValue(output)!, rows));
                if (parsed.GetValue(outputError) is { } format)
                    Console.Error.Write(BenchOutput.Write(format, rows));
                return Task.FromResult(ExitCode.Done);
            }
        );
        return command;
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
