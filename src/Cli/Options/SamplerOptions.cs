using System.CommandLine;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Cli.Options;

/// <summary>Options of the sampler, with llama.cpp's names and defaults.</summary>
internal sealed class SamplerOptions
{
    private static readonly SamplerChainSettings Standard = new();
    private readonly Option<long> _seed = new("--seed", "-s")
    {
        Description = "Seed of the sampler (−1: random).",
        DefaultValueFactory = _ => -1,
        HelpName = "N",
    };
    private readonly Option<float> _temperature = Real("Temperature; 0 is greedy.", Standard.Temperature, "--temp", "--temperature");
    private readonly Option<int> _topK = Whole("Keep the k most likely tokens (0: all).", Standard.TopK, "--top-k");
    private readonly Option<float> _topP = Real("Keep the smallest set of probability p.", Standard.TopP, "--top-p");
    private readonly Option<float> _minP = Real("Drop tokens less likely than p times the best.", Standard.MinP, "--min-p");
    private readonly Option<float> _sigma = Real(
        "Keep logits within n standard deviations (−1: off).",
        Standard.TopNSigma,
        "--top-nsigma",
        "--top-n-sigma"
    );
    private readonly Option<float> _typical = Real("Locally typical sampling (1: off).", Standard.TypicalP, "--typical", "--typical-p");
    private readonly Option<float> _xtcProbability = Real(
        "How often XTC excludes top choices.",
        Standard.XtcProbability,
        "--xtc-probability"
    );
    private readonly Option<float> _xtcThreshold = Real(
        "Least probability of an excluded choice.",
        Standard.XtcThreshold,
        "--xtc-threshold"
    );
    private readonly Option<int> _lastN = Whole("Tokens that penalties look at.", Standard.LastN, "--repeat-last-n");
    private readonly Option<float> _repeat = Real("Repetition penalty (1: off).", Standard.RepeatPenalty, "--repeat-penalty");
    private readonly Option<float> _presence = Real("Presence penalty.", Standard.PresencePenalty, "--presence-penalty");
    private readonly Option<float> _frequency = Real("Frequency penalty.", Standard.FrequencyPenalty, "--frequency-penalty");
    private readonly Option<float> _dryMultiplier = Real("DRY multiplier (0: off).", Standard.DryMultiplier, "--dry-multiplier");
    private readonly Option<float> _dryBase = Real("DRY base.", Standard.DryBase, "--dry-base");
    private readonly Option<int> _dryLength = Whole(
        "Repeats up to this length are free.",
        Standard.DryAllowedLength,
        "--dry-allowed-length"
    );
    private readonly Option<int> _dryLastN = Whole("Tokens that DRY looks at.", Standard.DryLastN, "--dry-penalty-last-n");
    private readonly Option<float> _dynamicRange = Real("Half width of a dynamic temperature (0: off).", 0, "--dynatemp-range");
    private readonly Option<float> _dynamicExponent = Real("Exponent of the dynamic temperature.", 1, "--dynatemp-exp");
    private readonly Option<int> _mirostat = Whole("Mirostat 0, 1 or 2.", 0, "--mirostat");
    private readonly Option<float> _tau = Real("Target surprise of mirostat.", Standard.MirostatTau, "--mirostat-ent");
    private readonly Option<float> _eta = Real("Learning rate of mirostat.", Standard.MirostatEta, "--mirostat-lr");
    private readonly Option<string?> _samplers = new("--samplers")
    {
        Description = "Samplers in order, separated by semicolons.",
        HelpName = "A;B;C",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] options =
        [
            _seed,
            _temperature,
            _topK,
            _topP,
            _minP,
            _sigma,
            _typical,
            _xtcProbability,
            _xtcThreshold,
            _lastN,
            _repeat,
            _presence,
            _frequency,
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

    /// <summary>The sampler that was asked for.</summary>
    /// <exception cref="InputException">A value is out of range.</exception>
    public SamplerChainSettings Read(ParseResult parsed) =>
        new()
        {
            Seed = parsed.GetValue(_seed) switch
            {
                -1 => null,
                >= 0 and <= uint.MaxValue and var seed => (uint)seed,
                var seed => throw new InputException($"--seed {seed}: use 0…{uint.MaxValue}, or −1 for a random one"),
            },
            Temperature = Checked(parsed, _temperature, 0, float.MaxValue),
            TopK = Checked(parsed, _topK, 0, int.MaxValue),
            TopP = Checked(parsed, _topP, 0, 1),
            MinP = Checked(parsed, _minP, 0, 1),
            TopNSigma = Checked(parsed, _sigma, -1, float.MaxValue),
            TypicalP = Checked(parsed, _typical, 0, 1),
            XtcProbability = Checked(parsed, _xtcProbability, 0, 1),
            XtcThreshold = Checked(parsed, _xtcThreshold, 0, 1),
            LastN = Checked(parsed, _lastN, 0, int.MaxValue),
            RepeatPenalty = Checked(parsed, _repeat, 0, float.MaxValue),
            PresencePenalty = Checked(parsed, _presence, float.MinValue, float.MaxValue),
            FrequencyPenalty = Checked(parsed, _frequency, float.MinValue, float.MaxValue),
            DryMultiplier = Checked(parsed, _dryMultiplier, 0, float.MaxValue),
            DryBase = Checked(parsed, _dryBase, 1, float.MaxValue),
            DryAllowedLength = Checked(parsed, _dryLength, 0, int.MaxValue),
            DryLastN = Checked(parsed, _dryLastN, 0, int.MaxValue),
            DynamicTemperatureRange = Checked(parsed, _dynamicRange, 0, float.MaxValue),
            DynamicTemperatureExponent = Checked(parsed, _dynamicExponent, 0, float.MaxValue),
            Mirostat = Checked(parsed, _mirostat, 0, 2),
            MirostatTau = Checked(parsed, _tau, 0, float.MaxValue),
            MirostatEta = Checked(parsed, _eta, 0, float.MaxValue),
            Samplers = parsed.GetValue(_samplers) is { } names ? SamplerNames.FromNames(names.Split(';')) : SamplerNames.Default,
        };

    private static T Checked<T>(ParseResult parsed, Option<T> option, T least, T most)
        where T : IComparable<T>
    {
        var value = parsed.GetValue(option)!;
        return value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0
            ? value
            : throw new InputException(
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{option.Name} {value}: use {least}…{most}")
            );
    }

    private static Option<float> Real(string description, float standard, params string[] names) =>
        new(names[0], names[1..])
        {
            Description = description,
            DefaultValueFactory = _ => standard,
            HelpName = "X",
        };

    private static Option<int> Whole(string description, int standard, params string[] names) =>
        new(names[0], names[1..])
        {
            Description = description,
            DefaultValueFactory = _ => standard,
            HelpName = "N",
        };
}
