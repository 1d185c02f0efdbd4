using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Decode;

/// <summary>
/// Chooses tokens on the host as llama.cpp does: bias, the samplers in their order, then a draw; mirostat in place of the samplers when
/// asked for. A filter (a grammar) is asked about the choice first; only when it refuses are all candidates filtered and the choice made
/// again. One instance for each answer; the same seed gives the same tokens.
/// </summary>
public sealed class SamplerChain
{
    private readonly SamplerChainSettings _settings;
    private readonly MersenneTwister _random;
    private readonly MersenneTwister _xtcRandom;
    private readonly PenaltySampler _penalties = new();
    private readonly DrySampler _dry;
    private readonly MirostatSampler? _mirostat;
    private readonly ITokenFilter? _filter;
    private readonly CandidateSet _set = new();
    private readonly List<int> _history = [];
    private int _selected;

    /// <summary>A chain for one answer.</summary>
    /// <param name="settings">How to choose.</param>
    /// <param name="vocabulary">Tokens of the vocabulary.</param>
    /// <param name="breakers">Tokens that end a repeat for DRY; null when DRY is off.</param>
    /// <param name="filter">Which tokens may come; null for all.</param>
    public SamplerChain(SamplerChainSettings settings, int vocabulary, DryBreakers? breakers = null, ITokenFilter? filter = null)
    {
        _settings = settings;
        _filter = filter;
        Seed = settings.Seed ?? (uint)Random.Shared.NextInt64(uint.MaxValue);
        _random = new MersenneTwister(Seed);
        _xtcRandom = new MersenneTwister(Seed);
        _dry = new DrySampler(breakers is null ? settings with { DryMultiplier = 0 } : settings, breakers!);
        _mirostat =
            settings.Mirostat > 0 ? new MirostatSampler(settings.Mirostat, settings.MirostatTau, settings.MirostatEta, vocabulary) : null;
    }

    /// <summary>Seed of the draws.</summary>
    public uint Seed { get; }

    /// <summary>The candidates after the last choice, with probabilities.</summary>
    public ReadOnlySpan<Candidate> Candidates => _set.Items;

    /// <summary>Takes a token of the prompt into account.</summary>
    public void Observe(int token) => _history.Add(token);

    /// <summary>Chooses a token and takes it into account.</summary>
    /// <returns>Token id, or <see cref="TokenSampler.NotANumber"/> when no probabilities follow from the logits.</returns>
    public int Sample(ReadOnlySpan<float> logits)
    {
        if (!LogitCheck.HaveSoftmax(logits))
            return TokenSampler.NotANumber;
        _set.Fill(logits);
        var token = Choose();
        if (_filter is not null && !_filter.Allows(token))
        {
            _set.Fill(logits);
            foreach (ref var item in _set.Items)
                if (!_filter.Allows(item.Id))
                    item.Logit = float.NegativeInfinity;
            token = Choose();
        }
        _filter?.Accept(token);
        _history.Add(token);
        return token;
    }

    private int Choose()
    {
        foreach (var (id, bias) in _settings.LogitBias)
            if ((uint)id < (uint)_set.Count)
                _set.Items[id].Logit += bias;
        if (_mirostat is not null)
        {
            TemperatureSampler.Apply(_set, _settings.Temperature, 0, 1);
            _selected = _mirostat.Draw(_set, _random);
        }
        else
        {
            foreach (var kind in _settings.Samplers)
                Apply(kind);
            _selected = _set.Draw(_random);
        }
        return _set.Items[_selected].Id;
    }

    private void Apply(SamplerKind kind)
    {
        var s = _settings;
        switch (kind)
        {
            case SamplerKind.Penalties:
                _penalties.Apply(
                    _set,
                    CollectionsMarshal.AsSpan(_history),
                    s.LastN,
                    s.RepeatPenalty,
                    s.FrequencyPenalty,
                    s.PresencePenalty
                );
                break;
            case SamplerKind.Dry:
                _dry.Apply(_set, CollectionsMarshal.AsSpan(_history));
                break;
            case SamplerKind.TopNSigma:
                TruncationSamplers.TopNSigma(_set, s.TopNSigma);
                break;
            case SamplerKind.TopK:
                TruncationSamplers.TopK(_set, s.TopK);
                break;
            case SamplerKind.Typical:
                TruncationSamplers.Typical(_set, s.TypicalP, s.MinKeep);
                break;
            case SamplerKind.TopP:
                TruncationSamplers.TopP(_set, s.TopP, s.MinKeep);
                break;
            case SamplerKind.MinP:
                TruncationSamplers.MinP(_set, s.MinP, s.MinKeep);
                break;
            case SamplerKind.Xtc:
                TruncationSamplers.Xtc(_set, s.XtcProbability, s.XtcThreshold, s.MinKeep, _xtcRandom);
                break;
            default:
                TemperatureSampler.Apply(_set, s.Temperature, s.DynamicTemperatureRange, s.DynamicTemperatureExponent);
                break;
        }
    }
}
