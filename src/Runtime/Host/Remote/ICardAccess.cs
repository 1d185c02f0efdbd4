using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Host.Remote;

/// <summary>A card that a host generates with, in this process or in another.</summary>
public interface ICardAccess : IDisposable
{
    /// <summary>Kernels that compute the tokens.</summary>
    string Backend { get; }

    /// <summary>Power of the card when nothing runs.</summary>
    double IdleWatts { get; }

    /// <summary>Simulated time, ns.</summary>
    long TimeNs { get; }

    /// <summary>Why the hold on the card has ended; null while it lives.</summary>
    StatusCode? Dead { get; }

    /// <summary>Opens the card again after the hold has ended; contexts are gone.</summary>
    /// <exception cref="DriverException">The card does not come up.</exception>
    ICardAccess Reopen();

    /// <summary>Simulated time now, ns; of a card in another process it is asked for.</summary>
    long ReadTimeNs();

    /// <summary>Reads the card's counters and sensors.</summary>
    CardTelemetry Telemetry();

    /// <summary>Waits until the masks have been checked.</summary>
    void AwaitCheck(CancellationToken cancel);

    /// <summary>Opens a context for at most that many positions.</summary>
    /// <param name="positions">Positions.</param>
    /// <param name="sampler">How the card samples.</param>
    /// <param name="stops">Ids that end a decode.</param>
    /// <param name="ownChannel">Whether it gets a channel of its own, so that it runs beside others.</param>
    InferenceContext OpenContext(int positions, in SamplerSettings sampler, ReadOnlySpan<int> stops, bool ownChannel);
}
