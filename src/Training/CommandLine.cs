using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.Training.Run;

namespace TaalasSim.Training;

/// <summary>What the program was asked to do.</summary>
public sealed record CommandLine
{
    /// <summary>The text of <c>--help</c>.</summary>
    public const string Help = """
        Trains the embedded demonstration model on stories from a grammar and writes it as GGUF.

        Usage: dotnet run --project src/Training -c Release -- --out FILE [options]

          --out FILE         model to write, e.g. chips/demo/stories.gguf
          --text FILE        also write a held-out text for perplexity runs, e.g. chips/demo/story.txt
          --seed N           seed of parameters and stories (default 1)
          --steps N          optimiser steps (default 3000)
          --sequences N      sequences of a batch (default 8)
          --rate X           highest learning rate (default 0.004)
          --checkpoint FILE  where to save the state now and then, and resume from (default: FILE of --out + ".checkpoint")
          --help             this text

        Ctrl-C saves the state and stops; the same command resumes and gives the same model. Exit codes: 0 done, 2 bad usage or input,
        130 interrupted.
        """;

    /// <summary>Model to write; null when only help was asked for.</summary>
    public string? Out { get; private init; }

    /// <summary>Held-out text to write, or null.</summary>
    public string? Text { get; private init; }

    /// <summary>Checkpoint file.</summary>
    public string Checkpoint
    {
        get => field ?? Out + ".checkpoint";
        private init;
    }

    /// <summary>What to train.</summary>
    public TrainingPlan Plan { get; private init; } = new();

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="InputException">An argument is unknown, incomplete or out of range, or <c>--out</c> is missing.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Contains("--help", StringComparer.Ordinal))
            return new CommandLine();
        var line = new CommandLine();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var option = arguments[i];
            var value = i + 1 < arguments.Count ? arguments[i + 1] : throw new InputException($"{option}: a value is missing; see --help.");
            line = option switch
            {
                "--out" => line with { Out = value },
                "--text" => line with { Text = value },
                "--checkpoint" => line with { Checkpoint = value },
                "--seed" => line with { Plan = line.Plan with { Seed = Number<ulong>(option, value, 0, ulong.MaxValue) } },
                "--steps" => line with { Plan = line.Plan with { Steps = Number(option, value, 1, 1_000_000) } },
                "--sequences" => line with { Plan = line.Plan with { Sequences = Number(option, value, 1, 256) } },
                "--rate" => line with { Plan = line.Plan with { LearningRate = Number(option, value, 1e-6f, 1) } },
                _ => throw new InputException($"{option}: no such option; see --help."),
            };
        }
        return line.Out is null ? throw new InputException("--out FILE is missing; see --help.") : line;
    }

    private static T Number<T>(string option, string value, T low, T high)
        where T : System.Numerics.INumber<T> =>
        T.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high
            ? number
            : throw new InputException($"{option} {value}: expected a number from {low} to {high}.");
}
