using TaalasSim.Runtime.Card.Device;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Link;

/// <summary>
/// The host's only way to the card: dword reads and posted writes of its BARs, and the interrupts that arrive. Reads never overtake writes;
/// each access costs simulated time. While the link is down or the card is in reset every read answers all ones and every write is lost.
/// </summary>
public sealed class PcieLink
{
    private readonly CardDevice _device;
    private readonly LatencyModel _latency;
    private readonly BusTrace? _trace;
    private readonly HashSet<int> _vectors = [];
    private long _lastWrite;
    private bool _isDown;

    public PcieLink(CardDevice device, LatencyModel latency, SimulatedClock clock, BusTrace? trace)
    {
        _device = device;
        _latency = latency;
        Clock = clock;
        _trace = trace;
        device.InterruptRaised = vector =>
        {
            if (!_isDown)
                _vectors.Add(vector);
        };
        device.LinkLost = (comesBack, ns) =>
        {
            _isDown = true;
            if (comesBack)
                clock.At(clock.Now + ns, () => _isDown = false);
        };
    }

    public SimulatedClock Clock { get; }

    /// <summary>Reads a dword; costs a round trip.</summary>
    public uint Read(Bar bar, int offset)
    {
        var start = Clock.Now;
        Clock.AdvanceTo(Math.Max(start + _latency.RegisterReadNs, _lastWrite));
        var value =
            _isDown || !_device.IsAccessible
                ? Bar0.AllOnes
                : bar switch
                {
                    Bar.Control => _device.ReadControl(offset),
                    Bar.Doorbells => _device.ReadDoorbell(offset),
                    _ => _device.ReadSram(offset),
                };
        _trace?.Add(new(start, Clock.Now - start, BusEventKind.RegisterRead, bar.ToString(), (ulong)offset, value));
        return value;
    }

    /// <summary>Posts a dword; costs the CPU's store, arrives later and in order.</summary>
    public void Write(Bar bar, int offset, uint value)
    {
        var arrival = Math.Max(Clock.Now + _latency.PostedWriteNs, _lastWrite);
        _lastWrite = arrival;
        _trace?.Add(new(Clock.Now, arrival - Clock.Now, BusEventKind.RegisterWrite, bar.ToString(), (ulong)offset, value));
        Clock.At(arrival, () =>
        {
            if (_isDown || !_device.IsAccessible)
                return;
            switch (bar)
            {
                case Bar.Control:
                    _device.WriteControl(offset, value);
                    break;
                case Bar.Doorbells:
                    _device.WriteDoorbell(offset, value);
                    break;
                default:
                    _device.WriteSram(offset, value);
                    break;
            }
        });
        Clock.AdvanceTo(Clock.Now + _latency.WriteCpuNs);
    }

    /// <summary>Reads a 64-bit register, low dword first.</summary>
    public ulong Read64(int offset) => Read(Bar.Control, offset) | (ulong)Read(Bar.Control, offset + 4) << 32;

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
            _device.Reset();
    }

    /// <summary>True when the vector has fired since the last call.</summary>
    public bool TakeInterrupt(int vector) => _vectors.Remove(vector);

    /// <summary>True when the vector has fired; leaves it pending.</summary>
    public bool HasInterrupt(int vector) => _vectors.Contains(vector);

    /// <summary>Lets the core stop in the middle of a token while a host waits under <paramref name="cancel"/>.</summary>
    internal void ObserveCancellation(CancellationToken cancel) => _device.HostCancellation = cancel;
}
