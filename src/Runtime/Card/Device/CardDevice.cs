using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>
/// The simulated card at its end of the link: builds the parts of the device and gives each access of the host to the part it is for. The
/// device has no thread; everything it does is an event of the <see cref="SimulatedClock"/>, so the same inputs give the same answers at
/// the same ns.
/// </summary>
public sealed class CardDevice : ILinkEndpoint
{
    private readonly CardState _state;
    private readonly ResetControl _reset;
    private readonly ComputeCommands _compute;
    private readonly BlockCommands _blocks;
    private readonly RegisterFile _registers;
    private readonly DoorbellPages _doorbells;
    private readonly Sram _sram;

    /// <summary>Powers the card on; it is ready to be enabled after its boot stages.</summary>
    public CardDevice(IChipCore core, CardOptions options, PcieLink link, FaultInjector faults, BusTrace? trace)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Channels, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Channels, 256);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Vectors, 1);

        // Each part uses those before it; the links back are set below.
        var timer = new DeviceTimer(link.Clock);
        var ras = new RasLog(link.Clock);
        var dma = new DmaEngine(link.Memory, options.Link, link.Clock, faults, trace);
        var channels = new ChannelTable(options.Channels);
        _sram = new Sram(options.SramBytes, ras);
        var pipeline = new CorePipeline(options, timer, trace);
        var completions = new CompletionPoster(timer, dma, faults, link);
        var runner = new CommandRunner(timer, completions);
        var events = new EventReporter(runner);
        _state = new CardState(timer, events, trace);
        var contexts = new ContextTable(core, channels, runner);
        var control = new ChannelControl(channels, contexts, runner, events, _state, ras, link);
        var fetcher = new CommandFetcher(options.Link, timer, dma, faults, ras, control, contexts, runner);
        var image = new ImageLoader(options, core, dma, faults, _state, runner);
        var enable = new EnableControl(options, link.Memory, timer, channels, control, contexts, runner, events, _state, image, ras);
        _reset = new ResetControl(options, timer, link, dma, control, contexts, events, _state, image, enable, pipeline, _sram, ras);
        _registers = new RegisterFile(options, core, _state, events, enable, _reset, image, pipeline, _sram, faults, ras);
        _doorbells = new DoorbellPages(channels, control, fetcher, runner, completions, timer, faults, ras);
        var steps = new StepFaults(faults, timer, channels, control, runner, _state, _reset, ras, link);
        _compute = new ComputeCommands(options, core, dma, contexts, pipeline, steps, control, runner, completions);
        _blocks = new BlockCommands(options, core, dma, contexts, pipeline, steps, control, runner);
        var pages = new LogPages(options, channels, pipeline, _state, ras);
        var commands = new CommandTable(
            new AdminCommands(Identify, pages, dma, _reset, channels, control, contexts, events, runner),
            new ChannelCommands(channels, control, enable),
            image,
            new ContextCommands(core, dma, contexts, control, runner),
            _compute,
            _blocks,
            new CopyCommands(options, dma, _sram, control, runner),
            contexts,
            _state,
            runner
        );
        pipeline.Throttled = clock =>
        {
            ras.Add(RasSource.Thermal, RasClass.Correctable, StatusCode.Ok, 0, (ulong)Math.Round(1000 * clock));
            events.Raise(DeviceEventKind.ClockStep, (int)Math.Round(1000 * clock), StatusCode.Ok);
        };
        runner.StepsOf = commands.StepsOf;
        runner.HasRoom = fetcher.Fetch;
        completions.RingLost = channel => control.Fail(channel, StatusCode.IommuFault);
        link.Connect(this);
        _reset.Boot();

        IdentifyPage Identify() =>
            new()
            {
                Capabilities = _registers.Capabilities,
                Identity = core.Identity,
                Channels = channels.Count,
                SramBytes = _sram.Size,
            };
    }

    /// <inheritdoc/>
    public bool IsAccessible => _state.Current is not (DeviceState.Resetting or DeviceState.Gone or DeviceState.Off);

    /// <inheritdoc/>
    public CancellationToken HostCancellation
    {
        get => _compute.HostCancellation;
        set => (_compute.HostCancellation, _blocks.HostCancellation) = (value, value);
    }

    /// <inheritdoc/>
    public uint Read(Bar bar, int offset) =>
        bar switch
        {
            Bar.Control => _registers.Read(offset),
            Bar.Doorbells => _doorbells.Read(offset),
            _ => _sram.Read(offset),
        };

    /// <inheritdoc/>
    public void Write(Bar bar, int offset, uint value)
    {
        switch (bar)
        {
            case Bar.Control:
                _registers.Write(offset, value);
                break;
            case Bar.Doorbells:
                _doorbells.Write(offset, value);
                break;
            default:
                _sram.Write(offset, value);
                break;
        }
    }

    /// <inheritdoc/>
    public void Reset() => _reset.Reset();
}
