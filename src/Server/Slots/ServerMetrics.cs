namespace TaalasSim.Server.Slots;

/// <summary>Counters of a server. Rates are averages since they were last read.</summary>
public sealed class ServerMetrics
{
    private readonly Lock _gate = new();
    private double _promptSeconds,
        _predictedSeconds;
    private long _prompt,
        _cached,
        _predicted,
        _decodes,
        _longest,
        _busy;
    private long _windowPrompt,
        _windowPredicted;
    private double _windowPromptSeconds,
        _windowPredictedSeconds;

    /// <summary>A snapshot of the counters.</summary>
    public readonly record struct Snapshot(
        long Prompt,
        long Cached,
        double PromptSeconds,
        long Predicted,
        double PredictedSeconds,
        long Decodes,
        long Longest,
        double PromptRate,
        double PredictedRate,
        double BusyPerDecode
    );

    /// <summary>A slot has done a step.</summary>
    internal void Step(int tokens, int prompt, int busy, int length)
    {
        lock (_gate)
        {
            _longest = Math.Max(_longest, length);
            if (tokens + prompt == 0)
                return;
            // The first token comes from the logits of the prompt, without a pass of its own.
            _decodes++;
            _busy += busy;
        }
    }

    /// <summary>An answer has ended.</summary>
    internal void Ended(AnswerTimings t)
    {
        lock (_gate)
        {
            _prompt += t.Prompt;
            _cached += t.Cached;
            _promptSeconds += t.PromptMs / 1000;
            _predicted += t.Predicted;
            _predictedSeconds += t.PredictedMs / 1000;
            _windowPrompt += t.Prompt;
            _windowPromptSeconds += t.PromptMs / 1000;
            _windowPredicted += Math.Max(0, t.Predicted - 1);
            _windowPredictedSeconds += t.PredictedMs / 1000;
        }
    }

    /// <summary>Reads the counters and begins a new window for the rates.</summary>
    public Snapshot Read()
    {
        lock (_gate)
        {
            var snapshot = new Snapshot(
                _prompt,
                _cached,
                _promptSeconds,
                _predicted,
                _predictedSeconds,
                _decodes,
                _longest,
                Rate(_windowPrompt, _windowPromptSeconds),
                Rate(_windowPredicted, _windowPredictedSeconds),
                _decodes > 0 ? (double)_busy / _decodes : 0
            );
            (_windowPrompt, _windowPromptSeconds, _windowPredicted, _windowPredictedSeconds) = (0, 0, 0, 0);
            return snapshot;
        }
    }

    private static double Rate(long count, double seconds) => seconds > 0 ? count / seconds : 0;
}
