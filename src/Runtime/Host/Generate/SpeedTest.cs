using System.Diagnostics;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Host.Generate;

/// <summary>
/// Times a prompt of random tokens and a number of decode steps after it, as llama-bench does: no text and no tokenizer; the chip's own
/// greedy sampler feeds the steps.
/// </summary>
/// <param name="host">Host that runs the test.</param>
public sealed class SpeedTest(SimulatedHost host)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromHours(1);

    /// <summary>Runs one repetition.</summary>
    /// <param name="depth">Tokens put in the context before the clock starts.</param>
    /// <param name="prompt">Prompt tokens; 0 for none.</param>
    /// <param name="steps">Decode steps; 0 for none.</param>
    /// <param name="seed">Seed of the random tokens.</param>
    /// <param name="cancel">Stops the card.</param>
    /// <exception cref="InputException">The context is too short for the test.</exception>
    public BenchSample Run(int depth, int prompt, int steps, uint seed, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(prompt + steps, 1);
        // Decode steps need a token to start from.
        var before = steps > 0 && depth + prompt == 0 ? 1 : depth;
        if (before + prompt + (long)steps > host.Context)
            throw new InputException(
                $"a test of {before + prompt + (long)steps} tokens exceeds the context of {host.Context}; ask for fewer with -p, -n and -d"
            );
        var random = new MersenneTwister(seed);
        using var context = host.OpenContext(before + prompt + steps, SamplerSettings.Greedy with { Seed = seed }, []);
        if (before > 0)
            context.Prefill(Ids(random, before), 0, allLogits: false, Timeout, cancel);
        var ids = Ids(random, prompt);
        var joules = host.Telemetry().Joules;
        var start = host.TimeNs;
        var watch = Stopwatch.StartNew();
        if (prompt > 0)
            context.Prefill(ids, before, allLogits: false, Timeout, cancel);
        var wall = watch.Elapsed;
        var simulated = host.TimeNs - start;
        var decoded = steps > 0 ? Decode(context, steps, cancel) : default;
        return new BenchSample
        {
            HostNs = Math.Max(1, (long)((wall + decoded.Wall).TotalSeconds * 1e9)),
            SimulatedSeconds = (simulated + decoded.SimulatedNs) * 1e-9,
            Joules = host.Telemetry().Joules - joules,
            Passes = (prompt > 0 ? 1 : 0) + decoded.Passes,
        };
    }

    // The first token comes from the logits that are there; each later one is a step.
    private static (TimeSpan Wall, long SimulatedNs, long Passes) Decode(InferenceContext context, int steps, CancellationToken cancel)
    {
        long first = 0,
            last = 0;
        TimeSpan wallFirst = default,
            wallLast = default;
        var count = 0;
        var watch = Stopwatch.StartNew();
        foreach (var token in context.DecodeStream(steps + 1, Timeout, cancel))
        {
            wallLast = watch.Elapsed;
            last = token.TimeNs;
            if (count++ == 0)
                (first, wallFirst) = (last, wallLast);
        }

        return (wallLast - wallFirst, last - first, count - 1);
    }

    private int[] Ids(MersenneTwister random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (int)(random.NextUInt32() % (uint)host.Chip.Model.VocabularySize))];
}
