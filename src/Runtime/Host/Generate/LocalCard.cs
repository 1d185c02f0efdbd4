using TaalasSim.Runtime.Card.Device;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Host.Remote;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Host.Generate;

/// <summary>A card in this process, with the chip that it holds.</summary>
internal sealed class LocalCard : ICardAccess
{
    private readonly WiredChip _chip;
    private readonly IKernelSet _kernels;
    private readonly SimulatedCard _card;
    private Func<Stream> _image;
    private Channel _channel;

    /// <summary>Loads the runtime image and takes ownership of the parts.</summary>
    public LocalCard(WiredChip chip, IKernelSet kernels, SimulatedCard card, Func<Stream> image, CancellationToken cancel)
    {
        (_chip, _kernels, _card, _image) = (chip, kernels, card, image);
        Driver = new CardDriver([card.Link]);
        Handle = Driver.Open(0);
        Arm(ofImage: true);
        Load(cancel);
        Arm(ofImage: false);
        _channel = Handle.CreateChannel(1024, ChannelMode.Poll);
    }

    /// <summary>Faults that have struck, in order.</summary>
    public IReadOnlyList<FaultSpec> Struck => _card.Faults.Struck;

    /// <summary>The driver, for further clients.</summary>
    public CardDriver Driver { get; }

    /// <summary>This host's own hold.</summary>
    public CardHandle Handle { get; private set; }

    /// <inheritdoc/>
    public string Backend => _kernels.Name;

    /// <inheritdoc/>
    public double IdleWatts => _card.Options.IdleWatts;

    /// <inheritdoc/>
    public long TimeNs => Handle.TimeNs;

    /// <inheritdoc/>
    public long ReadTimeNs() => TimeNs;

    /// <inheritdoc/>
    public CardTelemetry Telemetry() => Handle.Telemetry();

    /// <inheritdoc/>
    public void AwaitCheck(CancellationToken cancel) => _chip.AwaitCheck(cancel);

    /// <inheritdoc/>
    public InferenceContext OpenContext(int positions, in SamplerSettings sampler, ReadOnlySpan<int> stops, bool ownChannel) =>
        Handle.ContextOpen(ownChannel ? Handle.CreateChannel(64, ChannelMode.Poll) : _channel, positions, sampler, stops);

    /// <summary>Resets the card and loads its image again; every other hold is dead afterwards.</summary>
    public void Reset(ResetKind kind)
    {
        Handle.Reset(kind);
        Load(CancellationToken.None);
        _channel = Handle.CreateChannel(1024, ChannelMode.Poll);
    }

    /// <summary>Empties the card and loads another image; the former again when it is rejected.</summary>
    /// <exception cref="DriverException">The card rejects it.</exception>
    public void Replace(byte[] image)
    {
        Handle.Empty();
        try
        {
            Handle.LoadImage(new MemoryStream(image));
            _image = () => new MemoryStream(image);
        }
        catch (DriverException)
        {
            Load(CancellationToken.None);
            throw;
        }
        finally
        {
            _channel = Handle.CreateChannel(1024, ChannelMode.Poll);
        }
    }

    /// <inheritdoc/>
    public StatusCode? Dead => Handle.Session.Dead;

    /// <inheritdoc/>
    public ICardAccess Reopen()
    {
        Handle.Close();
        Handle = Driver.Open(0);
        Load(CancellationToken.None);
        _channel = Handle.CreateChannel(1024, ChannelMode.Poll);
        return this;
    }

    /// <summary>A pass over the chip beside the card, for decoders that the card has no command for.</summary>
    public ForwardPass OpenPass(int batch, int context) => new(_chip, _kernels, batch, context);

    /// <summary>Lets a fault strike; its time counts from now.</summary>
    public void Inject(FaultSpec fault) =>
        _card.Faults.Arm(fault.Trigger == FaultTrigger.Time ? fault with { Value = fault.Value + (ulong)_card.Clock.Now } : fault);

    /// <summary>Powers the card off and closes the image.</summary>
    public void Dispose()
    {
        Handle.Dispose();
        _card.Dispose();
        _kernels.Dispose();
        _chip.Dispose();
    }

    private void Arm(bool ofImage)
    {
        foreach (var fault in _card.Options.Faults.Where(f => f.Kind == FaultKind.ImageCorrupted == ofImage))
            Inject(fault);
    }

    private void Load(CancellationToken cancel)
    {
        using var image = _image();
        Handle.LoadImage(image, cancel);
    }
}
