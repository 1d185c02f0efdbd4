using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Link;

/// <summary>
/// The host's only way to the card: dword reads and posted writes of its BARs, memory that both reach, and the interrupts that arrive.
/// Reads never overtake writes; each access costs simulated time. While the link is down or the card is in reset every read answers all
/// ones and every write is lost.
/// </summary>
/// <param name="latency">What each crossing costs.</param>
/// <param name="vectors">MSI-X vectors of the card; the host may be left with fewer.</param>
/// <param name="clock">Simulated time.</param>
/// <param name="memory">Host memory that the card may reach.</param>
/// <param name="trace">Takes a record of every crossing when given.</param>
public sealed class PcieLink(LatencyModel latency, int vectors, SimulatedClock clock, HostMemory memory, BusTrace? trace)
{
    private readonly HashSet<int> _fired = [];
    private ILinkEndpoint? _endpoint;
    private long _lastWrite;
    private bool _isDown;
    private int _vectors = vectors;

    /// <summary>Simulated time.</summary>
    public SimulatedClock Clock => clock;

    /// <summary>Host memory that the card may reach.</summary>
    public HostMemory Memory => memory;

    /// <summary>MSI-X vectors that the host has for the card.</summary>
    public int Vectors => _vectors;

    private ILinkEndpoint Endpoint => _endpoint ?? throw new InvalidOperationException("no card is connected to the link");

    /// <summary>Puts a card at the other end.</summary>
    public void Connect(ILinkEndpoint endpoint) => _endpoint = endpoint;

    /// <summary>Reads a dword; costs a round trip.</summary>
    public uint Read(Bar bar, int offset)
    {
        var start = Clock.Now;
        Clock.AdvanceTo(Math.Max(start + latency.RegisterReadNs, _lastWrite));
        var value = _isDown || !Endpoint.IsAccessible ? Bar0.AllOnes : Endpoint.Read(bar, offset);
        trace?.Add(new(start, Clock.Now - start, BusEventKind.RegisterRead, bar.ToString(), (ulong)offset, value));
        return value;
    }

    /// <summary>Posts a dword; costs the CPU's store, arrives later and in order.</summary>
    public void Write(Bar bar, int offset, uint value)
    {
        var arrival = Math.Max(Clock.Now + latency.PostedWriteNs, _lastWrite);
        _lastWrite = arrival;
        trace?.Add(new(Clock.Now, arrival - Clock.Now, BusEventKind.RegisterWrite, bar.ToString(), (ulong)offset, value));
        Clock.At(arrival, () =>
        {
            if (!_isDown && Endpoint.IsAccessible)
                Endpoint.Write(bar, offset, value);
        });
        Clock.AdvanceTo(Clock.Now + latency.WriteCpuNs);
    }

    /// <summary>Writes a 64-bit register, low dword first.</summary>
    public void Write64(int offset, ulong value)
    {
        Write(Bar.Control, offset, (uint)value);
        Write(Bar.Control, offset + 4, (uint)(value >> 32));
    }

    /// <summary>Function-level reset, through configuration space.</summary>
    public void ResetFunction()
    {
        if (!_isDown)
            Endpoint.Reset();
    }

    /// <summary>True when the vector has fired since the last call.</summary>
    public bool TakeInterrupt(int vector) => _fired.Remove(vector);

    /// <summary>True when the vector has fired; leaves it pending.</summary>
    public bool HasInterrupt(int vector) => _fired.Contains(vector);

    /// <summary>Lets the chip stop in the middle of a token while a host waits under <paramref name="cancel"/>.</summary>
    internal void ObserveCancellation(CancellationToken cancel) => Endpoint.HostCancellation = cancel;

    /// <summary>The card's end: a message-signalled interrupt wakes the host.</summary>
    internal void Interrupt(int vector)
    {
        vector = Math.Min(vector, _vectors - 1);
        var wake = latency.InterruptWakeNs;
        trace?.Add(new(Clock.Now, wake, BusEventKind.Interrupt, "interrupt", (ulong)vector, 1));
        Clock.At(Clock.Now + wake, () =>
        {
            if (!_isDown)
                _fired.Add(Math.Min(vector, _vectors - 1));
        });
    }

    /// <summary>The host is left with that many vectors: what fired on others counts for the last.</summary>
    internal void LimitVectors(int count)
    {
        _vectors = Math.Min(_vectors, count);
        if (_fired.RemoveWhere(vector => vector >= _vectors) > 0)
            _fired.Add(_vectors - 1);
    }

    /// <summary>The card's end: the card leaves the bus, for <paramref name="ns"/> or, with null, for good.</summary>
    internal void GoDown(long? ns)
    {
        _isDown = true;
        if (ns is { } length)
            Clock.At(Clock.Now + length, () => _isDown = false);
    }
}
