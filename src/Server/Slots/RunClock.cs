using System.Diagnostics;
using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Server.Slots;

/// <summary>Takes the times of an answer, on the host and on the simulated card, and its share of the card's energy.</summary>
internal sealed class RunClock
{
    private readonly SimulatedHost _host;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly long _startNs;
    private readonly double _joules;
    private readonly long _cardTokens;
    private long _first,
        _last;
    private long _firstNs,
        _lastNs;

    public RunClock(SimulatedHost host)
    {
        _host = host;
        var card = host.Telemetry();
        (_startNs, _joules, _cardTokens) = (host.TimeNs, card.Joules, card.Tokens);
    }

    /// <summary>Simulated time since the start, s.</summary>
    public double SimulatedSeconds => (_host.TimeNs - _startNs) * 1e-9;

    /// <summary>Host time since the start, s.</summary>
    public double WallSeconds => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>A token has come; <paramref name="count"/> with it.</summary>
    public void Token(int count)
    {
        (_last, _lastNs) = (Stopwatch.GetTimestamp(), _host.TimeNs);
        if (count == 1)
            (_first, _firstNs) = (_last, _lastNs);
    }

    /// <summary>Times so far.</summary>
    public AnswerTimings Timings(int cached, int prompt, int predicted) =>
        new()
        {
            Cached = cached,
            Prompt = prompt,
            PromptMs = Milliseconds(_start, predicted > 0 ? _first : Stopwatch.GetTimestamp()),
            Predicted = predicted,
            PredictedMs = predicted > 0 ? Milliseconds(_first, _last) : 0,
            SimulatedFirstTokenSeconds = ((predicted > 0 ? _firstNs : _host.TimeNs) - _startNs) * 1e-9,
            SimulatedDecodeSeconds = (_lastNs - _firstNs) * 1e-9,
        };

    /// <summary>Times and energy of the whole answer.</summary>
    public AnswerTimings Final(int cached, int prompt, int predicted)
    {
        var seconds = SimulatedSeconds;
        var card = _host.Telemetry();
        var own = prompt + Math.Max(0, predicted - 1);
        var all = Math.Max(card.Tokens - _cardTokens, own);
        var joules = card.Joules - _joules;
        return Timings(cached, prompt, predicted) with
        {
            Joules = all > 0 ? joules * own / all : 0,
            Watts = _host.IdleWatts + (seconds > 0 ? joules / seconds : 0),
        };
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;
}
