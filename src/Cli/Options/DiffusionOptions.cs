using System.CommandLine;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Cli.Options;

/// <summary>Options of llama.cpp's diffusion schedules, with its names and defaults.</summary>
internal sealed class DiffusionOptions
{
    private readonly Option<bool> _diffusion = new("--diffusion")
    {
        Description = "Diffusion models: fill prompt and answer with llama.cpp's schedules; any --diffusion-... option implies it.",
    };
    private readonly NumberOption<int> _steps = new(Ranges.Steps, 128, "Steps in all.", "--diffusion-steps");
    private readonly NumberOption<int> _algorithm = new(
        Ranges.DiffusionAlgorithm,
        4,
        "Which positions get their token: 0 origin, 1 entropy, 2 margin, 3 random, 4 confidence.",
        "--diffusion-algorithm"
    );
    private readonly NumberOption<float> _algorithmTemperature = new(
        Ranges.Temperature,
        0,
        "Temperature of the choice of positions (0: the best).",
        "--diffusion-alg-temp"
    );
    private readonly NumberOption<float> _epsilon = new(
        Ranges.Probability,
        0.001f,
        "Schedule over timesteps, with this epsilon.",
        "--diffusion-eps"
    );
    private readonly NumberOption<int> _block = new(
        Ranges.BlockOrNone,
        0,
        "Schedule over blocks of this many positions, instead of timesteps.",
        "--diffusion-block-length"
    );
    private readonly NumberOption<float> _guidance = new(
        Ranges.Factor,
        0,
        "Scale of classifier-free guidance (0: none).",
        "--diffusion-cfg-scale"
    );
    private readonly Option<bool> _noise = new("--diffusion-add-gumbel-noise") { Description = "Add Gumbel noise to logits." };
    private readonly Option<bool> _visual = new("--diffusion-visual") { Description = "Show the canvas before each step." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Options.Add(option);
    }

    /// <summary>Whether the schedules are asked for.</summary>
    public bool Wanted(ParseResult parsed) => All.Any(o => parsed.GetResult(o) is { Implicit: false });

    /// <summary>Whether the canvas is shown.</summary>
    public bool Shows(ParseResult parsed) => parsed.GetValue(_visual);

    /// <summary>The settings.</summary>
    /// <param name="parsed">Command line.</param>
    /// <param name="sampler">Sampler options.</param>
    /// <param name="greedy">Always the most likely token.</param>
    /// <param name="length">Positions of the canvas.</param>
    public DiffusionSettings Settings(ParseResult parsed, SamplerOptions sampler, bool greedy, int length)
    {
        if (sampler.GivenBesideDiffusion(parsed).FirstOrDefault() is { } unused)
            throw new InputException($"{unused}: llama.cpp's diffusion runner has no such sampler; leave it out");
        var block = parsed.GetValue(_block);
        var given = parsed.GetResult(_epsilon) is { Implicit: false };
        var card = sampler.OfCard(parsed, greedy);
        return new DiffusionSettings
        {
            MaximumLength = length,
            Steps = parsed.GetValue(_steps),
            Algorithm = (DiffusionAlgorithm)parsed.GetValue(_algorithm),
            AlgorithmTemperature = parsed.GetValue(_algorithmTemperature),
            Epsilon = block > 0 && !given ? 0 : parsed.GetValue(_epsilon),
            BlockLength = block,
            GuidanceScale = parsed.GetValue(_guidance),
            AddGumbelNoise = parsed.GetValue(_noise),
            Temperature = card.Temperature,
            TopK = greedy ? 1 : (int)card.TopK,
            TopP = sampler.GivenTopP(parsed),
            Seed = (uint)card.Seed,
        };
    }

    private Option[] All => [_diffusion, _steps, _algorithm, _algorithmTemperature, _epsilon, _block, _guidance, _noise, _visual];
}
