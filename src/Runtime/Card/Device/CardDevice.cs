using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>
/// The simulated card behind its link: registers, rings and commands around an <see cref="IChipCore"/>. It has no thread; everything it
/// does is an event of the <see cref="SimulatedClock"/>, so the same inputs give the same answers at the same ns.
/// </summary>
public sealed partial class CardDevice : ILinkEndpoint
{
    private const long HeartbeatNs = 10_000_000;
    private readonly IChipCore _core;
    private readonly CardOptions _options;
    private readonly SimulatedClock _clock;
    private readonly FaultInjector _faults;
    private readonly BusTrace? _trace;
    private readonly PcieLink _link;
    private readonly HostMemory _memory;
    private readonly DmaEngine _dma;
    private readonly RasLog _ras;
    private readonly DeviceChannel[] _channels;
    private readonly byte[] _sram;

    private int _epoch;
    private long _bootedAt;
    private bool _isHung;
    private long _hungAt;

    /// <summary>Powers the card on; it is ready to be enabled after its boot stages.</summary>
    public CardDevice(IChipCore core, CardOptions options, PcieLink link, FaultInjector faults, BusTrace? trace)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Channels, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Channels, 256);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Vectors, 1);
        _core = core;
        _options = options;
        _link = link;
        _memory = link.Memory;
        _clock = link.Clock;
        link.Connect(this);
        _faults = faults;
        _trace = trace;
        _dma = new DmaEngine(link.Memory, options.Link, link.Clock, faults, trace);
        _ras = new RasLog(link.Clock);
        _sram = new byte[options.SramBytes];
        _channels = [.. Enumerable.Range(0, options.Channels).Select(i => new DeviceChannel(i))];
        Boot();
    }

    public DeviceState State { get; private set; }

    /// <summary>Incremented by every reset.</summary>
    public uint ResetGeneration { get; private set; }

    /// <summary>False while a reset is under way: every read then answers all ones.</summary>
    public bool IsAccessible => State is not (DeviceState.Resetting or DeviceState.Gone or DeviceState.Off);

    /// <summary>Stops long work of the core in the middle of a host's wait; set by the driver for the length of the wait.</summary>
    public CancellationToken HostCancellation { get; set; }

    /// <summary>Forgets rings, contexts and image, and boots again. Nothing that was under way reaches the host any more.</summary>
    public void Reset()
    {
        if (State == DeviceState.Gone)
            return;
        Forget();
        ResetGeneration++;
        SetState(DeviceState.Resetting);
        After(_options.ResetNs, Boot);
    }

    /// <summary>The card is pulled out of its slot.</summary>
    public void Remove()
    {
        Forget();
        SetState(DeviceState.Gone);
        _link.GoDown(null);
    }

    private void Boot()
    {
        SetState(DeviceState.BootRom);
        _bootedAt = _clock.Now;
        After(_options.BootStageNs, () =>
        {
            SetState(DeviceState.Loader);
            After(_options.BootStageNs, () =>
            {
                SetState(DeviceState.ReadyNoImage);
                StartAdmin();
            });
        });
    }

    private void Forget()
    {
        _epoch++;
        _isHung = false;
        _dma.Stop();
        foreach (var channel in _channels)
            Discard(channel);
        foreach (var context in _contexts.Values.ToArray())
            Close(context);
        _parkedEvents.Clear();
        _undelivered.Clear();
        _staging = null;
        _imageState = ImageState.None;
        _imageError = 0;
        _control = 0;
        _watchdogMs = 0;
        _shutdown = 0;
        _irqStatus = 0;
        _isReady = false;
        _isPowerBroken = false;
        _coreFreeAt = 0;
        Array.Clear(_sram);
    }

    /// <summary>Runs <paramref name="action"/> later unless the device is reset or its firmware hangs before.</summary>
    private void After(long ns, Action action)
    {
        var epoch = _epoch;
        _clock.At(_clock.Now + ns, () =>
        {
            if (epoch == _epoch && !_isHung)
                action();
        });
    }

    private void SetState(DeviceState state)
    {
        if (state == State)
            return;
        var old = State;
        State = state;
        _irqStatus |= Bar0.IrqStateChange;
        _trace?.Add(new(_clock.Now, 0, BusEventKind.State, state.ToString(), 0, (long)state));
        RaiseEvent(DeviceEventKind.StateChange, (int)old << 8 | (int)state, StatusCode.Ok);
    }

    /// <summary>Firmware stops. A hardware watchdog, if set, resets the card; else the driver finds the heartbeat standing still.</summary>
    private void Hang()
    {
        _isHung = true;
        _hungAt = _clock.Now;
        if (_watchdogMs == 0)
            return;
        var epoch = _epoch;
        _clock.At(_clock.Now + _watchdogMs * 1_000_000L, () =>
        {
            if (epoch == _epoch)
                WatchdogReset();
        });
    }

    private void WatchdogReset()
    {
        _ras.Add(RasSource.Firmware, RasClass.Fatal, StatusCode.Watchdog, 0, 0);
        Reset();
    }
}
