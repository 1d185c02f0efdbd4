using System.Runtime.ExceptionServices;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Native;

/// <summary>A decode that runs in a context.</summary>
internal sealed class HeldStream(HeldContext context, IEnumerable<StreamedToken> tokens, CancellationToken cancel)
{
    private readonly IEnumerator<StreamedToken> _tokens = tokens.GetEnumerator();
    private ExceptionDispatchInfo? _failed;

    /// <summary>The next token; null after the last. What failed once fails again in the same way.</summary>
    public StreamedToken? Next()
    {
        StreamedToken? token = null;
        context.InStream(() =>
        {
            _failed?.Throw();
            try
            {
                cancel.ThrowIfCancellationRequested();
                token = _tokens.MoveNext() ? _tokens.Current : null;
            }
            catch (Exception e)
            {
                _failed = ExceptionDispatchInfo.Capture(e);
                throw;
            }
        });
        return token;
    }

    /// <summary>Ends it on the card and for the caller.</summary>
    public void End() => context.EndStream(this);

    /// <summary>Ends it on the card.</summary>
    public void Stop()
    {
        try
        {
            _tokens.Dispose();
        }
        catch (DriverException)
        {
            // The card has gone, and the decode with it.
        }
    }
}
