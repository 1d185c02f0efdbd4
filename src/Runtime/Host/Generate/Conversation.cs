using System.Diagnostics;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Host.Generate;

/// <summary>
/// Several turns in one context of the card. Keys and values stay on the chip between turns: of each prompt only what differs from the
/// tokens already there is evaluated.
/// </summary>
public sealed class Conversation : IDisposable
{
    private readonly SimulatedHost _host;
    private readonly GenerationRequest _request;
    private readonly InferenceContext _context;

    // Tokens whose keys and values are on the chip for certain; an answer that was stopped may have left more.
    private readonly List<int> _held = [];

    /// <summary>Opens a context.</summary>
    /// <param name="host">Host with the card; stays the caller's.</param>
    /// <param name="request">Sampler and limits of every answer.</param>
    public Conversation(SimulatedHost host, GenerationRequest request)
    {
        (_host, _request) = (host, request);
        int[] stops = request.IgnoreEndOfGeneration ? [] : [.. host.EndTokens()];
        _context = host.OpenContext(host.Context, request.Sampler, stops);
    }

    /// <summary>Tokens whose keys and values the chip holds.</summary>
    public int Held => _held.Count;

    /// <summary>Evaluates a whole conversation so far and generates its next answer.</summary>
    /// <param name="prompt">Tokens of everything said, from the beginning.</param>
    /// <param name="arrived">Called for every token as it reaches the host.</param>
    /// <param name="stop">Stops the answer; what has arrived remains.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="InputException">The conversation has outgrown the context.</exception>
    public ConversationTurn Say(IReadOnlyList<int> prompt, Action<StreamedToken>? arrived, CancellationToken stop, CancellationToken cancel)
    {
        if (prompt.Count == 0)
            throw new InputException("the prompt is empty; give at least one token");
        if (prompt.Count > _host.Context)
            throw new InputException($"the conversation of {prompt.Count} tokens exceeds the context of {_host.Context}; begin a new one");
        var watch = Stopwatch.StartNew();
        var reused = 0;
        // The last token is evaluated in any case: the answer begins with its logits.
        while (reused < Math.Min(_held.Count, prompt.Count - 1) && _held[reused] == prompt[reused])
            reused++;
        _held.RemoveRange(reused, _held.Count - reused);
        _context.Trim(reused);
        var (start, joules) = (_host.TimeNs, _host.Telemetry().Joules);
        int[] fresh = [.. prompt.Skip(reused)];
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, cancel);
        var answer = new List<int>();
        long first = 0,
            last = 0;
        var stopped = false;
        try
        {
            _context.Prefill(fresh, reused, allLogits: false, _request.Timeout, both.Token);
            _held.AddRange(fresh);
            (first, last) = (_host.TimeNs, _host.TimeNs);
            foreach (var token in _context.DecodeStream(Most(prompt.Count), _request.Timeout, both.Token))
            {
                if (answer.Count == 0)
                    first = token.TimeNs;
                last = token.TimeNs;
                answer.Add(token.Id);
                arrived?.Invoke(token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            stopped = true;
            (first, last) = (Math.Max(first, start), Math.Max(last, start));
        }

        // The last token is sampled, but not evaluated.
        if (_held.Count == prompt.Count)
            _held.AddRange(answer.SkipLast(1));
        return new ConversationTurn(
            new Generation
            {
                PromptTokens = fresh.Length,
                Tokens = answer,
                TimeToFirstTokenSeconds = (first - start) * 1e-9,
                DecodeSeconds = (last - first) * 1e-9,
                Joules = _host.Telemetry().Joules - joules,
                SimulatedSeconds = (last - start) * 1e-9,
                WallSeconds = watch.Elapsed.TotalSeconds,
            },
            reused,
            stopped
        );
    }

    /// <summary>Frees the context.</summary>
    public void Dispose() => _context.Dispose();

    private int Most(int promptTokens)
    {
        var room = _host.Context + 1 - promptTokens;
        return _request.MaximumTokens < 0 ? room : Math.Min(_request.MaximumTokens, room);
    }
}
