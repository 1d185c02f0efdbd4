using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Cli.Terminal;

/// <summary>One test of <c>bench</c>: its fields in the order and under the names of llama-bench, then ours with the prefix
/// <c>hw_</c>.</summary>
internal sealed record BenchRow
{
    /// <summary>Fields before the times: strings, whole numbers or truth values.</summary>
    public required IReadOnlyList<(string Key, object Value)> Setup { get; init; }

    public required int Prompt { get; init; }

    public required int Generated { get; init; }

    public required int Depth { get; init; }

    /// <summary>When the test began.</summary>
    public required DateTimeOffset Time { get; init; }

    public required IReadOnlyList<BenchSample> Samples { get; init; }

    /// <summary>Power of the card when nothing runs.</summary>
    public required double IdleWatts { get; init; }

    public int Tokens => Prompt + Generated;

    /// <summary>E.g. <c>pp512</c>, <c>tg128 @ d64</c>, <c>pp64+tg16</c>.</summary>
    public string Test =>
        (
            Prompt > 0 && Generated > 0 ? $"pp{Prompt}+tg{Generated}"
            : Prompt > 0 ? $"pp{Prompt}"
            : $"tg{Generated}"
        ) + (Depth > 0 ? $" @ d{Depth}" : "");

    /// <summary>Host rates of the repetitions, tokens per second.</summary>
    public IEnumerable<double> Rates => Samples.Select(s => 1e9 * Tokens / s.HostNs);

    /// <summary>Simulated tokens per second; repetitions do the same work, so that they differ by nothing but the phase of the link's
    /// events.</summary>
    public double HardwareRate => Tokens / Samples.Average(s => s.SimulatedSeconds);

    /// <summary>Mean power of the card over the test, idle power included.</summary>
    public double HardwareWatts => IdleWatts + (Samples.Average(s => s.Joules) / Samples.Average(s => s.SimulatedSeconds));

    /// <summary>All fields but the samples.</summary>
    public IEnumerable<(string Key, object Value)> Fields()
    {
        foreach (var field in Setup)
            yield return field;
        yield return ("n_prompt", (long)Prompt);
        yield return ("n_gen", (long)Generated);
        yield return ("n_depth", (long)Depth);
        yield return (
            "test_time",
            Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)
        );
        var ns = Samples.Select(s => (double)s.HostNs).ToArray();
        yield return ("avg_ns", (long)ns.Average());
        yield return ("stddev_ns", (long)Deviation(ns));
        var rates = Rates.ToArray();
        yield return ("avg_ts", rates.Average());
        yield return ("stddev_ts", Deviation(rates));
        yield return ("hw_source", "simulated");
        yield return ("hw_avg_ts", HardwareRate);
        yield return ("hw_avg_ns", Samples.Average(s => s.SimulatedSeconds) * 1e9);
        yield return ("hw_watts_avg", HardwareWatts);
        yield return ("hw_joules_per_token", HardwareWatts / HardwareRate);
        yield return ("hw_passes_per_token", Samples.Average(s => (double)s.Passes) / Tokens);
    }

    /// <summary>Sample standard deviation; 0 for one value.</summary>
    public static double Deviation(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2)
            return 0;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }
}
