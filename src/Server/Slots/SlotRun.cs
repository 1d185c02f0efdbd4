using System.Diagnostics;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Decode.Grammars;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Server.Telemetry;

namespace TaalasSim.Server.Slots;

/// <summary>
/// Makes one answer in a slot, a step at a time: the prompt in batches, then token by token. The card samples where it can; a grammar,
/// probabilities or a sampler that the card does not know make the host read the logits and choose.
/// </summary>
internal sealed class SlotRun : IDisposable
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromHours(1);
    private readonly Slot _slot;
    private readonly SlotModel _model;
    private readonly AnswerText _text;
    private readonly SamplerChain _chain;
    private readonly bool _onCard;
    private readonly RunClock _clock;
    private readonly List<GeneratedToken> _tokens = [];
    private readonly Activity? _span;
    private double _joules;
    private IEnumerator<StreamedToken>? _stream;
    private int _cached;
    private bool _isTruncated;

    public SlotRun(Slot slot, SlotRequest request, SlotModel model)
    {
        (_slot, Request, _model) = (slot, request, model);
        var settings = request.Settings;
        _text = new AnswerText(settings.Stop, settings.Indent);
        ITokenFilter? filter = request.Grammar switch
        {
            null => null,
            var grammar when settings.Trigger is { } trigger => new TriggeredFilter(grammar, model.Tokenizer, trigger),
            var grammar => new GrammarFilter(grammar, model.Tokenizer),
        };
        _chain = new SamplerChain(
            settings.Sampler,
            model.Tokenizer.VocabularySize,
            settings.Sampler.DryMultiplier != 0 ? model.Breakers(settings.Sampler.DryBreakers) : null,
            filter
        );
        var card = filter is null && settings.Probabilities <= 0 ? settings.Sampler.ForCard(_chain.Seed) : null;
        _onCard = card is not null && !model.Options.ContextShift;
        _clock = new RunClock(model.Host);
        _span = ServerInstruments.BeginAnswer(request.Span);
        Prepare(card);
    }

    /// <summary>What is asked for.</summary>
    public SlotRequest Request { get; }

    /// <summary>Simulated time since the start, s.</summary>
    public double SimulatedSeconds => _clock.SimulatedSeconds;

    /// <summary>Host time since the start, s.</summary>
    public double WallSeconds => _clock.WallSeconds;

    /// <summary>Tokens made.</summary>
    public int Count => _tokens.Count;

    /// <summary>Prompt tokens evaluated so far.</summary>
    public int PromptProcessed { get; private set; }

    /// <summary>Prompt tokens that the slot held already.</summary>
    public int Cached => _cached;

    /// <summary>Whether a new line was sent.</summary>
    public bool HasNewLine => _text.HasNewLine;

    /// <summary>What it took so far.</summary>
    public AnswerTimings Timings => _clock.Timings(_cached, Request.Prompt.Length - _cached, _tokens.Count);

    /// <summary>Does the next piece of work; false when the answer has ended.</summary>
    public bool Step(CancellationToken cancel)
    {
        if (_slot.Tokens.Count < Request.Prompt.Length && _tokens.Count == 0)
            return EvaluatePrompt(cancel);
        if (Request.Settings.Predict == 0)
            return End(StopKind.Limit);
        var token = NextToken(cancel);
        if (token is null)
            return End(StopKind.Limit);
        return Take(token);
    }

    /// <summary>Stops what runs on the card.</summary>
    public void Dispose()
    {
        Report();
        _stream?.Dispose();
        if (_onCard && _stream is not null)
            _slot.Context.Trim(_slot.Tokens.Count);
    }

    private void Report()
    {
        var t = Timings;
        ServerInstruments.EndAnswer(
            _span,
            new AnswerCost
            {
                Slot = _slot.Id,
                Cached = t.Cached,
                Prompt = PromptProcessed,
                Predicted = t.Predicted,
                FirstTokenSeconds = t.SimulatedFirstTokenSeconds,
                DecodeSeconds = t.SimulatedDecodeSeconds,
                Joules = _joules,
            }
        );
    }

    private void Prepare(SamplerSettings? card)
    {
        var prompt = Request.Prompt;
        var kept = Request.Settings.CachePrompt ? _slot.CommonPrefix(prompt) : 0;
        // The last token is evaluated again for its logits.
        kept = Math.Min(kept, prompt.Length - 1);
        if (kept < _slot.Tokens.Count)
        {
            _slot.Context.Trim(kept);
            _slot.Tokens.RemoveRange(kept, _slot.Tokens.Count - kept);
        }
        _cached = kept;
        if (card is { } sampler)
            _slot.Context.SetSampler(sampler, _model.Ends);
        foreach (var token in prompt)
            _chain.Observe(token);
        if (Request.Settings.ReturnProgress)
            Request.Tell(new PromptProgress(prompt.Length, _cached, _cached, new AnswerTimings { Cached = _cached }));
    }

    private bool EvaluatePrompt(CancellationToken cancel)
    {
        var at = _slot.Tokens.Count;
        var count = Math.Min(_model.Options.PromptBatch, Request.Prompt.Length - at);
        Append(Request.Prompt.AsSpan(at, count), cancel);
        PromptProcessed += count;
        if (Request.Settings.ReturnProgress)
            Request.Tell(
                new PromptProgress(Request.Prompt.Length, _cached, _slot.Tokens.Count, _clock.Timings(_cached, PromptProcessed, 0))
            );
        return true;
    }

    private void Append(ReadOnlySpan<int> tokens, CancellationToken cancel)
    {
        _slot.Context.Prefill(tokens, _slot.Tokens.Count, allLogits: false, CommandTimeout, cancel);
        foreach (var token in tokens)
            _slot.Tokens.Add(token);
    }

    private GeneratedToken? NextToken(CancellationToken cancel) => _onCard ? FromCard(cancel) : FromHost(cancel);

    private GeneratedToken? FromCard(CancellationToken cancel)
    {
        _stream ??= _slot.Context.DecodeStream(Room(), CommandTimeout, cancel).GetEnumerator();
        if (!_stream.MoveNext())
            return null;
        if (_tokens.Count > 0)
            _slot.Tokens.Add(_tokens[^1].Id);
        return new GeneratedToken(_stream.Current.Id, float.NaN, []);
    }

    private GeneratedToken? FromHost(CancellationToken cancel)
    {
        if (_tokens.Count > 0)
        {
            if (_slot.Tokens.Count >= _model.Options.SlotContext)
                Shift(cancel);
            Append([_tokens[^1].Id], cancel);
        }
        var logits = _slot.Context.Logits(0);
        var id = _chain.Sample(logits);
        if (id == TokenSampler.NotANumber)
            throw new InputException("the model's logits are not numbers; nothing can be sampled");
        return Probabilities.Of(id, logits, _chain, Request.Settings);
    }

    // Drops the oldest tokens after those to keep. The rest is evaluated again, since its positions change.
    private void Shift(CancellationToken cancel)
    {
        var keep = Request.Settings.Keep < 0 ? Request.Prompt.Length : Request.Settings.Keep;
        if (_model.Tokenizer.AddsBos)
            keep++;
        keep = Math.Min(keep, _slot.Tokens.Count - 4);
        var left = _slot.Tokens.Count - keep;
        var drop = Request.Settings.Discard is > 0 and var asked && asked < left ? asked : left / 2;
        var rest = _slot.Tokens.GetRange(keep + drop, left - drop).ToArray();
        _slot.Context.Trim(keep);
        _slot.Tokens.RemoveRange(keep, left);
        Append(rest, cancel);
        _isTruncated = true;
    }

    private int Room()
    {
        var byContext = _model.Options.SlotContext - _slot.Tokens.Count;
        return Request.Settings.Predict < 0 ? byContext : Math.Min(byContext, Request.Settings.Predict);
    }

    // False when the token ends the answer.
    private bool Take(GeneratedToken token)
    {
        _tokens.Add(token);
        _clock.Token(_tokens.Count);
        var isEnd = _model.Tokenizer.IsEndOfGeneration(token.Id);
        var isHidden = _model.Tokenizer.IsSpecial(token.Id) && !Request.Settings.PreservedTokens.Contains(token.Id);
        var piece = isHidden ? [] : _model.Tokenizer.Piece(token.Id);
        var text = _text.Push(piece, isEnd);
        if (Request.Settings.Stream && !_text.IsIncomplete)
            Request.Tell(new AnswerToken(token, text, _tokens.Count, Timings, _text.StoppingWord.Length > 0));
        if (_text.StoppingWord.Length > 0)
            return End(StopKind.Word);
        var stop =
            isEnd ? StopKind.End
            : Reached() ? StopKind.Limit
            : StopKind.None;
        return stop == StopKind.None || End(stop);
    }

    private bool Reached()
    {
        var settings = Request.Settings;
        if (!_model.Options.ContextShift && _slot.Tokens.Count + 1 >= _model.Options.SlotContext)
            return _isTruncated = true;
        if (settings.Predict >= 0 && _tokens.Count >= settings.Predict)
            return true;
        var isLate = settings.PredictMilliseconds > 0 && _text.HasNewLine && Timings.PredictedMs > settings.PredictMilliseconds;
        return _text.IsIndentBroken || isLate;
    }

    private bool End(StopKind stop)
    {
        var rest = stop == StopKind.Word ? "" : _text.Rest();
        var timings = _clock.Final(_cached, Request.Prompt.Length - _cached, _tokens.Count);
        _joules = timings.Joules;
        Request.Tell(
            new AnswerEnded(
                new Answer
                {
                    Index = Request.Index,
                    Slot = _slot.Id,
                    Prompt = Request.Prompt,
                    Text = _text.Text,
                    Tokens = _tokens,
                    Stop = stop,
                    StoppingWord = _text.StoppingWord,
                    IsTruncated = _isTruncated,
                    HasNewLine = _text.HasNewLine,
                    TokensCached = _slot.Tokens.Count,
                    Seed = _chain.Seed,
                    Timings = timings,
                },
                rest
            )
        );
        return false;
    }
}
