using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Terminal;
using TaalasSim.Runtime.Generate;
using TaalasSim.Runtime.Kernels;

namespace TaalasSim.Cli.Commands;

/// <summary><c>bench CHIP</c>: llama-bench's tests, timed on the host and on the simulated chip.</summary>
internal static class BenchCommand
{
    private const uint Seed = 1234;

    public static Command Create()
    {
        var chip = new Argument<string>("CHIP") { Description = "Folder of a chip image." };
        var prompt = new Option<string>("-p", "--n-prompt") { Description = "Prompt lengths; 0 for no prompt test.", DefaultValueFactory = _ => "512", HelpName = "N,…" };
        var generate = new Option<string>("-n", "--n-gen") { Description = "Tokens to generate; 0 for no generation test.", DefaultValueFactory = _ => "128", HelpName = "N,…" };
        var both = new Option<string[]>("-pg") { Description = "A prompt followed by generation; may be given several times.", HelpName = "P,N" };
        var depth = new Option<string>("-d", "--n-depth") { Description = "Tokens in the context before each test.", DefaultValueFactory = _ => "0", HelpName = "N,…" };
        var repetitions = new Option<int>("-r", "--repetitions") { Description = "Repetitions of each test.", DefaultValueFactory = _ => 5, HelpName = "N" };
        var output = new Option<string>("-o", "--output") { Description = "Output format.", DefaultValueFactory = _ => "md", HelpName = string.Join('|', BenchOutput.Formats) };
        output.AcceptOnlyFromAmong(BenchOutput.Formats);
        var noWarmUp = new Option<bool>("--no-warmup") { Description = "Do not run each test once before it is timed." };
        var simulation = new SimulationOptions();
        var command = new Command("bench", "Time prompts and generation as llama-bench does; hw columns are the simulated chip's. Example: ./taalas bench stories.chip -p 64,128 -n 32 -r 3")
        {
            chip, prompt, generate, both, depth, repetitions, output, noWarmUp,
        };
        simulation.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var tests = Tests(
                NumberList.Parse("-p", parsed.GetValue(prompt)!), NumberList.Parse("-n", parsed.GetValue(generate)!),
                [.. (parsed.GetValue(both) ?? []).Select(pair => NumberList.Parse("-pg", pair))], NumberList.Parse("-d", parsed.GetValue(depth)!));
            var repeat = parsed.GetValue(repetitions) is > 0 and <= 10_000 and var r ? r : throw new InputException($"-r {parsed.GetValue(repetitions)}: use 1…10000");
            var folder = parsed.GetRequiredValue(chip);
            using var machine = simulation.PowerOn(parsed, folder, cancel);
            machine.AwaitCheck(cancel);
            var setup = Setup(machine, folder, simulation.NumericsOf(parsed), simulation.ThreadsOf(parsed));
            var rows = new List<BenchRow>();
            using (var line = new ProgressLine())
            {
                foreach (var (p, n, d) in tests)
                {
                    line.Show($"test {rows.Count + 1} of {tests.Count}", (double)rows.Count / tests.Count);
                    if (!parsed.GetValue(noWarmUp))
                        machine.Measure(d, p, n, Seed, cancel);
                    rows.Add(new BenchRow
                    {
                        Setup = setup,
                        Prompt = p,
                        Generated = n,
                        Depth = d,
                        Time = DateTimeOffset.UtcNow,
                        IdleWatts = machine.IdleWatts,
                        Samples = [.. Enumerable.Range(0, repeat).Select(_ => machine.Measure(d, p, n, Seed, cancel))],
                    });
                }
            }

            Console.Out.Write(BenchOutput.Write(parsed.GetValue(output)!, rows));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static List<(int Prompt, int Generate, int Depth)> Tests(IReadOnlyList<int> prompts, IReadOnlyList<int> generate, IReadOnlyList<IReadOnlyList<int>> both, IReadOnlyList<int> depths)
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

    private static List<(string Key, object Value)> Setup(Machine machine, string folder, Numerics numerics, int threads)
    {
        var chip = machine.Chip;
        var version = CommandLine.Product[(CommandLine.Product.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        var plus = version.IndexOf('+', StringComparison.Ordinal);
        var kv = numerics == Numerics.Hardware ? string.Create(CultureInfo.InvariantCulture, $"kv{chip.Fabric.Numerics.KvBits}") : "f16";
        var count = chip.Resources.Weights;
        var size = count < 1_000_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.#}M") : string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:0.#}B");
        return
        [
            ("build_commit", plus < 0 ? version : version[(plus + 1)..]), ("build_number", 0L), ("cpu_info", machine.Backend), ("gpu_info", $"{chip.Fabric.Name} (simulated)"), ("backends", "HWCHIP"),
            ("model_filename", folder), ("model_type", $"{chip.Model.Architecture} {size} {chip.Source.Weights}"), ("model_size", (chip.Resources.WeightsLayerBits + 7) / 8), ("model_n_params", count),
            ("n_batch", (long)Math.Min(512, machine.Context)), ("n_ubatch", (long)Math.Min(512, machine.Context)), ("n_threads", (long)threads), ("cpu_mask", "0x0"), ("cpu_strict", false), ("poll", 0L),
            ("type_k", kv), ("type_v", kv), ("n_gpu_layers", (long)chip.Model.Layers), ("split_mode", "layer"), ("main_gpu", 0L), ("no_kv_offload", false), ("flash_attn", false),
            ("tensor_split", "0.00"), ("use_mmap", true), ("embeddings", false),
        ];
    }
}
