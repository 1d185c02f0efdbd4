using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.Runtime.Card.Link;

/// <summary>
/// What the PCIe link adds to a request. Latencies are in ns; bandwidth = transfer rate · lanes · line code / 8 · payload/(payload +
/// overhead), PCIe Base Specification 4.0 §4.2 (128b/130b) and §2.2 (TLP framing).
/// </summary>
public sealed record LatencyModel
{
    private readonly HostLinkSpec _link;
    private readonly double _gtPerSecond;
    private readonly int _lanes;

    /// <summary>The link that a fabric's card has.</summary>
    /// <param name="card">Generation and lanes.</param>
    /// <param name="link">Constants, from <c>chips/links</c>.</param>
    /// <param name="mode">Which end of the constants is taken.</param>
    /// <exception cref="InputException">A generation or width that does not exist.</exception>
    public LatencyModel(CardSpec card, HostLinkSpec link, LatencyMode mode)
    {
        if (card.PcieGeneration is < 3 or > 7 || card.PcieLanes is not (1 or 2 or 4 or 8 or 16))
            throw new InputException(
                $"card: PCI Express generation {card.PcieGeneration} with {card.PcieLanes} lanes does not exist; "
                    + "use generation 3…7 with 1, 2, 4, 8 or 16 lanes"
            );
        (_link, _lanes, Mode) = (link, card.PcieLanes, mode);
        _gtPerSecond = link.Generation3GtPerSecond * (1 << (card.PcieGeneration - 3));
    }

    /// <summary>Which end of the constants is taken.</summary>
    public LatencyMode Mode { get; }

    /// <summary>Time that a register write holds the CPU, ns.</summary>
    public long WriteCpuNs => Pick(_link.WriteCpuNs);

    /// <summary>From a register write to its arrival at the card, ns.</summary>
    public long PostedWriteNs => Pick(_link.PostedWriteNs);

    /// <summary>A register read and its answer, ns.</summary>
    public long RegisterReadNs => Pick(_link.RegisterReadNs);

    /// <summary>A device write until the host sees it, transfer apart, ns.</summary>
    public long DmaWriteNs => Pick(_link.DmaWriteNs);

    /// <summary>From an interrupt to the thread that waits for it, ns.</summary>
    public long InterruptWakeNs => Pick(_link.InterruptWakeNs);

    /// <summary>Usable bandwidth in one direction, GB/s (= bytes per ns).</summary>
    public double GigabytesPerSecond
    {
        get
        {
            var overhead = Mode == LatencyMode.Worst ? _link.PacketOverheadBytes.High : _link.PacketOverheadBytes.Value;
            return _gtPerSecond * _lanes * _link.LineCode / 8 * _link.PayloadBytes / (_link.PayloadBytes + overhead);
        }
    }

    /// <summary>Time of <paramref name="bytes"/> on the wire, ns, rounded up.</summary>
    public long TransferNs(long bytes) => Mode == LatencyMode.None ? 0 : (long)Math.Ceiling(bytes / GigabytesPerSecond);

    /// <summary>A device read of <paramref name="bytes"/> of host memory, ns.</summary>
    public long DmaReadNs(long bytes) => Pick(_link.DmaReadNs) + TransferNs(bytes);

    private long Pick(Constant constant) =>
        Mode switch
        {
            LatencyMode.None => 0,
            LatencyMode.Worst => (long)Math.Ceiling(constant.High),
            _ => (long)Math.Round(constant.Value),
        };
}
