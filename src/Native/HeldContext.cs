using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Native;

/// <summary>A context that the caller holds: one call at a time, which another thread may cancel.</summary>
internal sealed class HeldContext(HeldCard card, InferenceContext context, int[] stops)
{
    private readonly Lock _gate = new(),
        _cancelling = new();
    private CancellationTokenSource? _running;
    private HeldStream? _stream;
    private bool _isEnded;

    /// <summary>Ids that end its decodes.</summary>
    public int[] Stops => stops;

    /// <summary>Runs a command; a decode must not be running.</summary>
    public void Use(Action<InferenceContext, CancellationToken> use) =>
        Alone(() =>
        {
            NeedNoStream();
            using var source = Begin();
            try
            {
                use(context, source.Token);
            }
            finally
            {
                Done();
            }
        });

    /// <summary>Starts a decode; its handle.</summary>
    public nint Decode(int tokens, TimeSpan? timeout)
    {
        nint handle = 0;
        Alone(() =>
        {
            NeedNoStream();
            var source = Begin();
            _stream = new HeldStream(this, context.DecodeStream(tokens, timeout, source.Token), source.Token);
            handle = Handles.Add(_stream);
        });
        return handle;
    }

    /// <summary>Does something with the stream that runs.</summary>
    public void InStream(Action use) => Alone(use);

    /// <summary>Ends the stream.</summary>
    public void EndStream(HeldStream stream) =>
        Alone(() =>
        {
            if (_stream == stream)
                DropStream();
        });

    /// <summary>Ends the call that runs, or else the next one of the stream.</summary>
    public void Cancel()
    {
        lock (_cancelling)
            _running?.Cancel();
    }

    /// <summary>Frees the context on the card.</summary>
    public void Free()
    {
        Alone(() =>
        {
            DropStream();
            _isEnded = true;
            context.Dispose();
        });
        card.Forget(this);
        Handles.Remove(this);
    }

    /// <summary>The card ends: waits until no call runs.</summary>
    public void End()
    {
        Cancel();
        lock (_gate)
        {
            DropStream();
            _isEnded = true;
        }
        Handles.Remove(this);
    }

    private void Alone(Action use)
    {
        if (!_gate.TryEnter())
            throw new DriverException(StatusCode.Busy, "another thread is in a call of the context");
        try
        {
            if (_isEnded)
                throw new LibraryException(LibraryStatus.BadHandle, "the context was freed, or its card closed");
            use();
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void NeedNoStream()
    {
        if (_stream is not null)
            throw new DriverException(StatusCode.Busy, "a stream of the context is open; end it first");
    }

    private CancellationTokenSource Begin()
    {
        lock (_cancelling)
            return _running = new CancellationTokenSource();
    }

    private void Done()
    {
        lock (_cancelling)
            _running = null;
    }

    private void DropStream()
    {
        if (_stream is null)
            return;
        Handles.Remove(_stream);
        _stream.Stop();
        _stream = null;
        lock (_cancelling)
        {
            _running?.Dispose();
            _running = null;
        }
    }
}
