using System.Collections.Concurrent;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;

namespace TaalasSim.Server.Slots;

/// <summary>
/// Runs the chip's user slots on one thread: every slot in turn does one step, so that answers advance together. Requests beyond the slots
/// wait in order; beyond the queue they are refused. A client that has left frees its slot at the next step.
/// </summary>
public sealed class SlotScheduler : IDisposable
{
    // Of slots that hold the beginning of a prompt, the best is taken when it holds at least this share.
    private const double LeastSimilarity = 0.1;
    private readonly SlotModel _model;
    private readonly Slot[] _slots;
    private readonly ConcurrentQueue<SlotRequest> _incoming = new();
    private readonly ConcurrentQueue<Action> _calls = new();
    private readonly LinkedList<SlotRequest> _waiting = new();
    private readonly SemaphoreSlim _signal = new(0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly Thread _thread;
    private long _tasks;
    private int _queued;
    private volatile bool _isDraining;

    /// <summary>Opens the slots on the card.</summary>
    public SlotScheduler(SimulatedHost host, ServerOptions options)
    {
        _model = new SlotModel(host, options);
        _slots = [.. Enumerable.Range(0, options.Slots).Select(id => new Slot(id, Open()))];
        Metrics = new ServerMetrics();
        _thread = new Thread(Loop) { IsBackground = true, Name = "slots" };
        _thread.Start();
    }

    /// <summary>Counters.</summary>
    public ServerMetrics Metrics { get; }

    /// <summary>Requests that wait for a slot.</summary>
    public int Deferred => Volatile.Read(ref _queued);

    /// <summary>Slots at work.</summary>
    public int Processing => _slots.Count(slot => slot.Run is not null);

    /// <summary>Tokens whose keys and values the slots hold.</summary>
    public long Held => _slots.Sum(slot => (long)slot.Tokens.Count);

    /// <summary>When work was last there.</summary>
    public long LastActive { get; private set; } = Environment.TickCount64;

    /// <summary>A request has come that counts as work.</summary>
    public void Wake() => LastActive = Environment.TickCount64;

    /// <summary>Gives answers to make to the slots.</summary>
    /// <exception cref="RequestException">The queue is full, or the server is stopping.</exception>
    public void Submit(IReadOnlyList<SlotRequest> requests)
    {
        if (_isDraining)
            throw RequestException.Unavailable("the server is stopping; send the request to another or later");
        foreach (var request in requests)
            if (request.Settings.Slot >= _slots.Length)
                throw RequestException.Invalid($"id_slot {request.Settings.Slot}: the server has slots 0 to {_slots.Length - 1}");
        if (Interlocked.Add(ref _queued, requests.Count) > _model.Options.QueueLength + _slots.Length)
        {
            Interlocked.Add(ref _queued, -requests.Count);
            throw RequestException.Unavailable("every slot is busy and the queue is full; send the request again later");
        }
        Wake();
        foreach (var request in requests)
            _incoming.Enqueue(request);
        _signal.Release();
    }

    /// <summary>Does something on the scheduler's thread, between two steps.</summary>
    public Task<T> Call<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Enqueue(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        _signal.Release();
        return done.Task;
    }

    /// <summary>States of the slots.</summary>
    public Task<IReadOnlyList<SlotState>> States() =>
        Call<IReadOnlyList<SlotState>>(() => [.. _slots.Select(slot => SlotState.Of(slot, _model.Options.SlotContext))]);

    /// <summary>The tokens that a free slot holds.</summary>
    public Task<int[]> Tokens(int id) => Call(() => Free(id).Tokens.ToArray());

    /// <summary>Evaluates tokens in a free slot, in place of what it held.</summary>
    public Task<int> Fill(int id, int[] tokens) =>
        Call(() =>
        {
            var slot = Free(id);
            if (tokens.Length > _model.Options.SlotContext || Array.Exists(tokens, t => (uint)t >= (uint)_model.Tokenizer.VocabularySize))
                throw RequestException.Invalid("Unable to restore slot: its tokens do not fit the model or the context");
            slot.Context.Trim(0);
            slot.Tokens.Clear();
            foreach (var chunk in tokens.Chunk(_model.Options.PromptBatch))
            {
                slot.Context.Prefill(chunk, slot.Tokens.Count);
                slot.Tokens.AddRange(chunk);
            }
            return tokens.Length;
        });

    /// <summary>Takes no more requests and waits until those there are answered, at most <paramref name="patience"/>.</summary>
    public async Task Drain(TimeSpan patience)
    {
        _isDraining = true;
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while ((Processing > 0 || Deferred > 0) && Environment.TickCount64 < deadline)
            await Task.Delay(20).ConfigureAwait(false);
    }

    /// <summary>Stops the slots.</summary>
    public void Dispose()
    {
        _stopped.Cancel();
        _signal.Release();
        _thread.Join();
        foreach (var slot in _slots)
            slot.Run?.Request.Close();
        _signal.Dispose();
        _stopped.Dispose();
    }

    private Slot Free(int id) =>
        id < 0 || id >= _slots.Length ? throw RequestException.Invalid("Invalid slot ID")
        : _slots[id].Run is null ? _slots[id]
        : throw RequestException.Unavailable($"slot {id} is at work; send the request again later");

    private void Loop()
    {
        while (!_stopped.IsCancellationRequested)
        {
            while (_calls.TryDequeue(out var call))
                call();
            while (_incoming.TryDequeue(out var request))
                _waiting.AddLast(request);
            Assign();
            var busy = _slots.Count(slot => slot.Run is not null);
            if (busy == 0)
            {
                _signal.Wait(1000);
                continue;
            }
            LastActive = Environment.TickCount64;
            var worked = false;
            foreach (var slot in _slots)
                worked |= Step(slot, busy);
            if (!worked)
                _signal.Wait(1);
        }
    }

    private void Assign()
    {
        for (var node = _waiting.First; node is not null; )
        {
            var next = node.Next;
            var request = node.Value;
            if (request.Left.IsCancellationRequested)
            {
                request.Close();
                Remove(node);
            }
            else if (Choose(request) is { } slot)
            {
                Remove(node);
                Begin(slot, request);
            }
            node = next;
        }
    }

    private void Remove(LinkedListNode<SlotRequest> node)
    {
        _waiting.Remove(node);
        Interlocked.Decrement(ref _queued);
    }

    private Slot? Choose(SlotRequest request)
    {
        if (request.Settings.Slot >= 0)
            return _slots[request.Settings.Slot] is { Run: null } asked ? asked : null;
        Slot? best = null;
        var similarity = LeastSimilarity;
        foreach (var slot in _slots)
        {
            if (slot.Run is not null || slot.Tokens.Count == 0)
                continue;
            var share = (double)slot.CommonPrefix(request.Prompt) / request.Prompt.Length;
            if (share > similarity)
                (best, similarity) = (slot, share);
        }
        if (best is not null)
            return best;
        foreach (var slot in _slots)
            if (slot.Run is null && (best is null || slot.LastUsed <= best.LastUsed))
                best = slot;
        return best;
    }

    private void Begin(Slot slot, SlotRequest request)
    {
        (slot.LastTask, slot.LastSettings, slot.LastPrompt) = (_tasks++, request.Settings, request.Prompt.Length);
        try
        {
            Recover();
            slot.Run = new SlotRun(slot, request, _model);
        }
        catch (Exception e) when (e is InputException or DriverException)
        {
            request.Tell(new AnswerFailed(e));
            request.Close();
        }
    }

    // After a reset, or when the card's process has come back, every slot is opened again. What was in flight has been told its fault.
    private void Recover()
    {
        if (!_model.Host.IsLost)
            return;
        _model.Host.Recover();
        foreach (var slot in _slots)
        {
            slot.Tokens.Clear();
            slot.Context = Open();
        }
    }

    private InferenceContext Open() => _model.Host.OpenSlot(_model.Options.SlotContext, SamplerSettings.Greedy, _model.Ends);

    // False when the slot had nothing to do.
    private bool Step(Slot slot, int busy)
    {
        if (slot.Run is not { } run)
            return false;
        var request = run.Request;
        try
        {
            if (request.Left.IsCancellationRequested)
            {
                Finish(slot);
                return true;
            }
            if (request.IsFull || (_model.Options.Pace && run.SimulatedSeconds > run.WallSeconds))
                return false;
            var before = (Tokens: run.Count, Prompt: run.PromptProcessed);
            var goesOn = run.Step(_stopped.Token);
            Metrics.Step(run.Count - before.Tokens, run.PromptProcessed - before.Prompt, busy, slot.Tokens.Count);
            if (!goesOn)
            {
                Metrics.Ended(run.Timings);
                Finish(slot);
            }
        }
        catch (OperationCanceledException)
        {
            Finish(slot);
        }
        catch (Exception e)
        {
            request.Tell(new AnswerFailed(e));
            Finish(slot);
            slot.Tokens.Clear();
        }
        return true;
    }

    private static void Finish(Slot slot)
    {
        var run = slot.Run!;
        slot.Run = null;
        slot.LastUsed = Environment.TickCount64;
        run.Request.Close();
        try
        {
            run.Dispose();
        }
        catch (DriverException)
        {
            // The card has gone; the next request says so.
            slot.Tokens.Clear();
        }
    }
}
