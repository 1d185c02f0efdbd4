using System.Globalization;
using TaalasSim.Bench.Models;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Bench.Figures;

/// <summary>What to measure.</summary>
internal sealed record FigureOptions
{
    /// <summary>Kinds of figures, in the order in which they are measured.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["speed", "memory", "startup"];

    /// <summary>Chosen kinds.</summary>
    public required IReadOnlyList<string> Chosen { get; init; }

    /// <summary>A llama-bench program to measure beside ours; null for none.</summary>
    public string? Peer { get; init; }

    public IReadOnlyList<int> Threads { get; init; } = Environment.ProcessorCount > 1 ? [1, 2] : [1];

    /// <summary>File types of the speed figures.</summary>
    public IReadOnlyList<string> Formats { get; init; } = ["q8_0", "q4_0", "q4_k_m"];

    public int Repeat { get; init; } = 5;

    /// <summary>Models of the memory and start-up figures.</summary>
    public IReadOnlyList<LlamaShape> Models { get; init; } = [LlamaShape.Medium];

    /// <summary>Where models and images are kept between runs.</summary>
    public string Cache { get; init; } = Path.Combine(Path.GetTempPath(), "taalas-bench");

    public bool Json { get; init; }

    /// <summary>Reads the command line; kinds first, then options with one value each.</summary>
    /// <exception cref="InputException">An unknown word or value.</exception>
    public static FigureOptions Parse(IReadOnlyList<string> args)
    {
        var kinds = args.TakeWhile(a => !a.StartsWith('-')).ToArray();
        var options = new FigureOptions { Chosen = kinds.Contains("all") ? Kinds : [.. kinds.Select(k => OneOf(k, Kinds))] };
        for (var i = kinds.Length; i < args.Count; i++)
        {
            var name = args[i];
            if (name == "--json")
            {
                options = options with { Json = true };
                continue;
            }

            var value = ++i < args.Count ? args[i] : throw new InputException($"{name}: needs a value");
            options = name switch
            {
                "--peer" => options with
                {
                    Peer = File.Exists(value)
                        ? Path.GetFullPath(value)
                        : throw new InputException($"--peer {value}: no such program; give the path of llama-bench"),
                },
                "--threads" => options with { Threads = [.. value.Split(',').Select(v => Number(name, v, 1024))] },
                "--formats" => options with { Formats = [.. value.Split(',').Select(v => OneOf(v, LlamaTensors.FileTypes))] },
                "--repeat" => options with { Repeat = Number(name, value, 1000) },
                "--models" => options with
                {
                    Models =
                    [
                        .. value
                            .Split(',')
                            .Select(v => LlamaShape.All.First(s => s.Name == OneOf(v, [.. LlamaShape.All.Select(x => x.Name)]))),
                    ],
                },
                "--cache" => options with { Cache = Path.GetFullPath(value) },
                _ => throw new InputException(
                    $"unknown option {name}; use --peer, --threads, --formats, --repeat, --models, --cache or --json"
                ),
            };
        }

        return options;
    }

    private static string OneOf(string value, IReadOnlyList<string> names) =>
        names.Contains(value) ? value : throw new InputException($"'{value}': use one of {string.Join(", ", names)}");

    private static int Number(string option, string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 && n <= most
            ? n
            : throw new InputException($"{option} {text}: use 1…{most}");
}
