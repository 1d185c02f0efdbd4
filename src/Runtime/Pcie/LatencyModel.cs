using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Pcie;

/// <summary>
/// What the PCIe link adds to a request. Latencies are in ns; bandwidth = transfer rate · lanes · 128/130 / 8 · payload/(payload + overhead),
/// PCIe Base Specification 4.0 §4.2 (128b/130b) and §2.2 (TLP framing).
/// </summary>
public sealed record LatencyModel
{
    public LatencyMode Mode { get; init; } = LatencyMode.Typical;

    /// <summary>GT/s and lane: 16 is Gen4, 32 is Gen5.</summary>
    public LinkConstant TransferRate { get; init; } = Of(16, 16, 16, "GT/s", "PCI Express Base Specification 4.0: 16 GT/s");
    public int Lanes { get; init; } = 16;
    public int MaxPayloadBytes { get; init; } = 256;
    public LinkConstant TlpOverhead { get; init; } =
        Of(24, 20, 28, "B", "PCI Express Base Specification 4.0 §2.2: header 12–16 B, framing 4 B, sequence 2 B, LCRC 4 B");

    /// <summary>Time the CPU spends on one posted register write.</summary>
    public LinkConstant WriteCpu { get; init; } = Of(75, 50, 100, "ns", "practice: uncached store retire, 50–100 ns");

    /// <summary>From the CPU's store until the device sees it.</summary>
    public LinkConstant PostedWrite { get; init; } = Of(375, 250, 500, "ns", "practice: doorbell 0.25–0.5 µs");

    /// <summary>Register read, there and back.</summary>
    public LinkConstant RegisterRead { get; init; } = Of(750, 500, 1000, "ns", "practice: MMIO read 0.5–1 µs");

    /// <summary>Latency of a device read of host memory, before the bytes.</summary>
    public LinkConstant DmaRead { get; init; } = Of(750, 500, 1000, "ns", "Neugebauer et al., Understanding PCIe performance, SIGCOMM 2018: 0.5–1 µs");

    /// <summary>From a device write until a polling host sees it.</summary>
    public LinkConstant DmaWrite { get; init; } = Of(400, 300, 500, "ns", "practice: completion write to polling host 0.3–0.5 µs");

    /// <summary>From the MSI-X message until the waiting thread runs.</summary>
    public LinkConstant InterruptWake { get; init; } = Of(3000, 1000, 5000, "ns", "practice: interrupt to thread 1–5 µs, deep C-states excluded");

    public long WriteCpuNs => Pick(WriteCpu);
    public long PostedWriteNs => Pick(PostedWrite);
    public long RegisterReadNs => Pick(RegisterRead);
    public long DmaWriteNs => Pick(DmaWrite);
    public long InterruptWakeNs => Pick(InterruptWake);

    /// <summary>Usable bandwidth in one direction, GB/s (= bytes per ns).</summary>
    public double GigabytesPerSecond
    {
        get
        {
            var overhead = Mode == LatencyMode.Worst ? TlpOverhead.High : TlpOverhead.Value;
            var rate = Mode == LatencyMode.Worst ? TransferRate.Low : TransferRate.Value;
            return rate * Lanes * (128.0 / 130.0) / 8 * MaxPayloadBytes / (MaxPayloadBytes + overhead);
        }
    }

    /// <summary>Time of <paramref name="bytes"/> on the wire, ns, rounded up.</summary>
    public long TransferNs(long bytes) => Mode == LatencyMode.None ? 0 : (long)Math.Ceiling(bytes / GigabytesPerSecond);

    /// <summary>A device read of <paramref name="bytes"/> of host memory, ns.</summary>
    public long DmaReadNs(long bytes) => Pick(DmaRead) + TransferNs(bytes);

    /// <summary>The link that a fabric's card has.</summary>
    /// <exception cref="InputException">A generation or width that does not exist.</exception>
    public static LatencyModel Of(CardSpec card, LatencyMode mode)
    {
        if (card.PcieGeneration is < 3 or > 7 || card.PcieLanes is not (1 or 2 or 4 or 8 or 16))
            throw new InputException($"card: PCI Express generation {card.PcieGeneration} with {card.PcieLanes} lanes does not exist; use generation 3…7 with 1, 2, 4, 8 or 16 lanes");
        // Each generation doubles the rate: 8 GT/s at generation 3.
        var rate = 8.0 * (1 << (card.PcieGeneration - 3));
        return new LatencyModel { Mode = mode, Lanes = card.PcieLanes, TransferRate = Of(rate, rate, rate, "GT/s", $"PCI Express Base Specification {card.PcieGeneration}.0: {rate} GT/s") };
    }

    private long Pick(LinkConstant constant) => Mode switch
    {
        LatencyMode.None => 0,
        LatencyMode.Worst => (long)Math.Ceiling(constant.High),
        _ => (long)Math.Round(constant.Value),
    };

    private static LinkConstant Of(double value, double low, double high, string unit, string source) =>
        new() { Value = value, Low = low, High = high, Unit = unit, Source = source };
}
