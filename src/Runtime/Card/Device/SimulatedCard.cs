using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Link;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>A card in its host: the device, its link, the host memory it may reach and the clock they share. Powers on when
/// constructed.</summary>
public sealed class SimulatedCard : IDisposable
{
    private readonly IChipCore _core;

    /// <summary>Takes ownership of <paramref name="core"/>.</summary>
    public SimulatedCard(IChipCore core, CardOptions options)
    {
        _core = core;
        Options = options;
        Trace = options.TraceCapacity > 0 ? new BusTrace(options.TraceCapacity) : null;
        Faults = new FaultInjector(Clock);
        Link = new PcieLink(options.Link, options.Vectors, Clock, Memory, Trace);
        Device = new CardDevice(core, options, Link, Faults, Trace);
    }

    /// <summary>Properties of the card.</summary>
    public CardOptions Options { get; }

    /// <summary>Simulated time.</summary>
    public SimulatedClock Clock { get; } = new();

    /// <summary>Host memory that the card may reach.</summary>
    public HostMemory Memory { get; } = new();

    /// <summary>Faults to inject.</summary>
    public FaultInjector Faults { get; }

    /// <summary>Record of the bus; null when none is kept.</summary>
    public BusTrace? Trace { get; }

    /// <summary>The card's side of the link.</summary>
    public CardDevice Device { get; }

    /// <summary>The host's way to the card.</summary>
    public PcieLink Link { get; }

    /// <summary>Frees the chip behind the card.</summary>
    public void Dispose() => _core.Dispose();
}
