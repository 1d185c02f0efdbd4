using System.Diagnostics;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Runtime.Host.Generate;

public sealed partial class SimulatedHost
{
    /// <summary>
    /// Times a prompt of random tokens and a number of decode steps after it, as llama-bench does: no text and no tokenizer; the chip's own
    /// greedy sampler feeds the steps.
    /// </summary>
    /// <param name="depth">Tokens put in the context before the clock starts.</param>
    /// <param name="prompt">Prompt tokens; 0 for none.</param>
    /// <param name="steps">Decode steps; 0 for none.</param>
    /// <param name="seed">Seed of the random tokens.</param>
    /// <param name="cancel">Stops the card.</param>
    /// <exception cref="InputException">The context is too short for the test.</exception>
    public BenchSample Measure(int depth, int prompt, int steps, uint seed, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(prompt + steps, 1);
        // Decode steps need a token to start from.
        var before = steps > 0 && depth + prompt == 0 ? 1 : depth;
        if (before + prompt + (long)steps > Context)
            throw new InputException(
                $"a test of {before + prompt + (long)steps} tokens exceeds the context of {Context}; ask for fewer with -p, -n and -d"
            );
        var sampler = new SamplerSettings
        {
            Temperature = 0,
            TopK = 0,
            TopP = 1,
            MinP = 0,
            RepeatPenalty = 1,
            Seed = seed,
        };
        var timeout = TimeSpan.FromHours(1);
        var random = new MersenneTwister(seed);
        int[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => (int)(random.NextUInt32() % (uint)Chip.Model.VocabularySize))];

        using var context = _handle.ContextOpen(_channel, before + prompt + steps, sampler, []);
        if (before > 0)
            context.Prefill(Ids(before), 0, allLogits: false, timeout, cancel);
        var ids = Ids(prompt);
        var telemetry = _handle.Telemetry();
        var start = _handle.TimeNs;
        var watch = Stopwatch.StartNew();
        if (prompt > 0)
            context.Prefill(ids, before, allLogits: false, timeout, cancel);
        var host = watch.Elapsed;
        var simulated = _handle.TimeNs - start;
        var passes = prompt > 0 ? 1L : 0;
        if (steps > 0)
        {
            // The first token comes from the logits that are there; each later one is a step.
            long first = 0,
                last = 0;
            TimeSpan hostFirst = default,
                hostLast = default;
            var count = 0;
            foreach (var token in context.DecodeStream(steps + 1, timeout, cancel))
            {
                hostLast = watch.Elapsed;
                last = token.TimeNs;
                if (count++ == 0)
                    (first, hostFirst) = (last, hostLast);
            }

            host += hostLast - hostFirst;
            simulated += last - first;
            passes += count - 1;
        }

        return new BenchSample
        {
            HostNs = Math.Max(1, (long)(host.TotalSeconds * 1e9)),
            SimulatedSeconds = simulated * 1e-9,
            Joules = _handle.Telemetry().Joules - telemetry.Joules,
            Passes = passes,
        };
    }
}
