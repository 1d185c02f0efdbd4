using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Link;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>A card in a slot: the device, its link, the host memory it may reach and the clock they share. Powers on when
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

    public CardOptions Options { get; }
    public SimulatedClock Clock { get; } = new();
    public HostMemory Memory { get; } = new();
    public FaultInjector Faults { get; }
    public BusTrace? Trace { get; }
    public CardDevice Device { get; }
    public PcieLink Link { get; }

    public void Dispose() => _core.Dispose();
}
