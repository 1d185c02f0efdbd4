using System.CommandLine;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Cli.Options;

/// <summary>How the next token is chosen; names and standard values are llama-cli's.</summary>
internal sealed class SamplerOptions
{
    private readonly Option<bool> _greedy = new("--greedy") { Description = "Always choose the most likely token." };
    private readonly NumberOption<long> _seed = new(Ranges.Seed, -1, "Seed of the sampler (-1: random, and printed).", "--seed", "-s");
    private readonly NumberOption<float> _temperature = new(
        Ranges.Temperature,
        0.8f,
        "Temperature; 0 is greedy.",
        "--temp",
        "--temperature"
    );
    private readonly NumberOption<int> _topK = new(Ranges.LengthOrNone, 40, "Keep the k most likely tokens (0: all).", "--top-k");
    private readonly NumberOption<float> _topP = new(
        Ranges.Probability,
        0.95f,
        "Keep the smallest set of probability p (1: all).",
        "--top-p"
    );
    private readonly NumberOption<float> _minP = new(
        Ranges.Probability,
        0.05f,
        "Drop tokens less likely than p times the best (0: none).",
        "--min-p"
    );

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_greedy);
        command.Options.Add(_seed);
        command.Options.Add(_temperature);
        command.Options.Add(_topK);
        command.Options.Add(_topP);
        command.Options.Add(_minP);
    }

    /// <summary>Whether the seed was drawn here, so that it must be told.</summary>
    public bool DrawsSeed(ParseResult parsed) => parsed.GetValue(_seed) < 0;

    /// <summary>The settings; a random seed is drawn when none is given.</summary>
    public SamplerSettings Settings(ParseResult parsed) =>
        new()
        {
            Temperature = parsed.GetValue(_greedy) ? 0 : parsed.GetValue(_temperature),
            TopK = (uint)parsed.GetValue(_topK),
            TopP = parsed.GetValue(_topP),
            MinP = parsed.GetValue(_minP),
            RepeatPenalty = 1,
            Seed = parsed.GetValue(_seed) is >= 0 and var seed ? (ulong)seed : (ulong)Random.Shared.NextInt64(uint.MaxValue),
        };
}
