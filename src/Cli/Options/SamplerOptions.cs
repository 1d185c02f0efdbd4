using System.CommandLine;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Cli.Options;

/// <summary>Options of the sampler, with llama.cpp's names and defaults.</summary>
internal sealed class SamplerOptions
{
    private static readonly SamplerChainSettings Standard = new();

    private readonly NumberOption<long> _seed = new(Ranges.Seed, -1, "Seed of the sampler (-1: random).", "--seed", "-s");
    private readonly NumberOption<float> _temperature = new(
        Ranges.Temperature,
        Standard.Temperature,
        "Temperature; 0 is greedy.",
        "--temp",
        "--temperature"
    );
    private readonly NumberOption<int> _topK = new(Ranges.Count, Standard.TopK, "Keep the k most likely tokens (0: all).", "--top-k");
    private readonly NumberOption<float> _topP = Share("Keep the smallest set of probability p (1: all).", Standard.TopP, "--top-p");
    private readonly NumberOption<float> _minP = Share("Drop tokens less likely than p times the best.", Standard.MinP, "--min-p");
    private readonly NumberOption<int> _lastN = new(Ranges.Count, Standard.LastN, "Tokens that penalties look at.", "--repeat-last-n");
    private readonly NumberOption<float> _repeat = Factor("Repetition penalty (1: off).", Standard.RepeatPenalty, "--repeat-penalty");
    private readonly NumberOption<float> _presence = Penalty("Presence penalty.", Standard.PresencePenalty, "--presence-penalty");
    private readonly NumberOption<float> _frequency = Penalty("Frequency penalty.", Standard.FrequencyPenalty, "--frequency-penalty");
    private readonly NumberOption<float> _sigma = new(
        Ranges.Sigma,
        Standard.TopNSigma,
        "Keep logits within n standard deviations (-1: off).",
        "--top-nsigma",
        "--top-n-sigma"
    );
    private readonly NumberOption<float> _typical = Share(
        "Locally typical sampling (1: off).",
        Standard.TypicalP,
        "--typical",
        "--typical-p"
    );
    private readonly NumberOption<float> _xtcProbability = Share(
        "How often XTC excludes top choices.",
        Standard.XtcProbability,
        "--xtc-probability"
    );
    private readonly NumberOption<float> _xtcThreshold = Share(
        "Least probability of an excluded choice.",
        Standard.XtcThreshold,
        "--xtc-threshold"
    );
    private readonly NumberOption<float> _dryMultiplier = Factor("DRY multiplier (0: off).", Standard.DryMultiplier, "--dry-multiplier");
    private readonly NumberOption<float> _dryBase = Factor("DRY base.", Standard.DryBase, "--dry-base");
    private readonly NumberOption<int> _dryLength = new(
        Ranges.Count,
        Standard.DryAllowedLength,
        "Repeats up to this length are free.",
        "--dry-allowed-length"
    );
    private readonly NumberOption<int> _dryLastN = new(
        Ranges.Count,
        Standard.DryLastN,
        "Tokens that DRY looks at.",
        "--dry-penalty-last-n"
    );
    private readonly NumberOption<float> _dynamicRange = Factor("Half width of a dynamic temperature (0: off).", 0, "--dynatemp-range");
    private readonly NumberOption<float> _dynamicExponent = Factor("Exponent of the dynamic temperature.", 1, "--dynatemp-exp");
    private readonly NumberOption<int> _mirostat = new(Ranges.Mirostat, 0, "Mirostat 0, 1 or 2.", "--mirostat");
    private readonly NumberOption<float> _tau = Factor("Target surprise of mirostat.", Standard.MirostatTau, "--mirostat-ent");
    private readonly NumberOption<float> _eta = Factor("Learning rate of mirostat.", Standard.MirostatEta, "--mirostat-lr");
    private readonly Option<string?> _samplers = new("--samplers")
    {
        Description = "Samplers in order, separated by semicolons.",
        HelpName = "A;B;C",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        AddOfCardTo(command);
        Option[] options =
        [
            _sigma,
            _typical,
            _xtcProbability,
            _xtcThreshold,
            _dryMultiplier,
            _dryBase,
            _dryLength,
            _dryLastN,
            _dynamicRange,
            _dynamicExponent,
            _mirostat,
            _tau,
            _eta,
            _samplers,
        ];
        foreach (var option in options)
            command.Options.Add(option);
    }

    /// <summary>Adds only the options of the sampler on the card.</summary>
    public void AddOfCardTo(Command command)
    {
        foreach (var option in (Option[])[_seed, _temperature, _topK, _topP, _minP, _lastN, _repeat, _presence, _frequency])
            command.Options.Add(option);
    }

    /// <summary>Whether the seed is drawn here, so that it must be told.</summary>
    public bool DrawsSeed(ParseResult parsed) => parsed.GetValue(_seed) < 0;

    /// <summary>Settings of the sampler on the card; a random seed is drawn when none is given.</summary>
    /// <exception cref="InputException">Greedy, and a temperature above 0 was given.</exception>
    public SamplerSettings OfCard(ParseResult parsed, bool greedy)
    {
        if (greedy)
            CheckGreedy(parsed);
        return new()
        {
            Temperature = greedy ? 0 : parsed.GetValue(_temperature),
            TopK = (uint)parsed.GetValue(_topK),
            TopP = parsed.GetValue(_topP),
            MinP = parsed.GetValue(_minP),
            LastN = (uint)parsed.GetValue(_lastN),
            RepeatPenalty = parsed.GetValue(_repeat),
            PresencePenalty = parsed.GetValue(_presence),
            FrequencyPenalty = parsed.GetValue(_frequency),
            Seed = parsed.GetValue(_seed) is >= 0 and var seed ? (ulong)seed : (ulong)Random.Shared.NextInt64(uint.MaxValue),
        };
    }

    // Greedy is a temperature of 0.
    private void CheckGreedy(ParseResult parsed)
    {
        if (GivenTemperature(parsed) > 0)
            throw new InputException(
                $"--greedy always takes the most likely token, and {_temperature.Name} {parsed.GetResult(_temperature)!.Tokens[0].Value} "
                    + "draws one; give one of them"
            );
    }

    /// <summary>Options that were given among those that filling blocks has no use for: all but temperature and seed.</summary>
    public IEnumerable<string> GivenBesideTemperature(ParseResult parsed) =>
        ((Option[])[_topK, _topP, _minP, _lastN, _repeat, _presence, _frequency]).Where(o => IsGiven(parsed, o)).Select(o => o.Name);

    /// <summary>Options that were given and that llama.cpp's diffusion runner does not read.</summary>
    public IEnumerable<string> GivenBesideDiffusion(ParseResult parsed) =>
        ((Option[])[_minP, _lastN, _repeat, _presence, _frequency]).Where(o => IsGiven(parsed, o)).Select(o => o.Name);

    /// <summary>Temperature that was given; 0 when none was.</summary>
    public float GivenTemperature(ParseResult parsed) => IsGiven(parsed, _temperature) ? parsed.GetValue(_temperature) : 0;

    /// <summary>Share of probability that was given; 1 when none was.</summary>
    public float GivenTopP(ParseResult parsed) => IsGiven(parsed, _topP) ? parsed.GetValue(_topP) : 1;

    /// <summary>The sampler that was asked for.</summary>
    /// <exception cref="InputException">A sampler is not known.</exception>
    public SamplerChainSettings Read(ParseResult parsed) =>
        new()
        {
            Seed = parsed.GetValue(_seed) is >= 0 and var seed ? (uint)seed : null,
            Temperature = parsed.GetValue(_temperature),
            TopK = parsed.GetValue(_topK),
            TopP = parsed.GetValue(_topP),
            MinP = parsed.GetValue(_minP),
            TopNSigma = parsed.GetValue(_sigma),
            TypicalP = parsed.GetValue(_typical),
            XtcProbability = parsed.GetValue(_xtcProbability),
            XtcThreshold = parsed.GetValue(_xtcThreshold),
            LastN = parsed.GetValue(_lastN),
            RepeatPenalty = parsed.GetValue(_repeat),
            PresencePenalty = parsed.GetValue(_presence),
            FrequencyPenalty = parsed.GetValue(_frequency),
            DryMultiplier = parsed.GetValue(_dryMultiplier),
            DryBase = parsed.GetValue(_dryBase),
            DryAllowedLength = parsed.GetValue(_dryLength),
            DryLastN = parsed.GetValue(_dryLastN),
            DynamicTemperatureRange = parsed.GetValue(_dynamicRange),
            DynamicTemperatureExponent = parsed.GetValue(_dynamicExponent),
            Mirostat = parsed.GetValue(_mirostat),
            MirostatTau = parsed.GetValue(_tau),
            MirostatEta = parsed.GetValue(_eta),
            Samplers = parsed.GetValue(_samplers) is { } names ? SamplerNames.FromNames(names.Split(';')) : SamplerNames.Default,
        };

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static NumberOption<float> Share(string description, float standard, string name, params string[] aliases) =>
        new(Ranges.Probability, standard, description, name, aliases);

    private static NumberOption<float> Factor(string description, float standard, string name) =>
        new(Ranges.Factor, standard, description, name);

    private static NumberOption<float> Penalty(string description, float standard, string name) =>
        new(Ranges.Penalty, standard, description, name);
}
