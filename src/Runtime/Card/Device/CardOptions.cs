using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Link;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Fixed properties of a simulated card.</summary>
public sealed record CardOptions
{
    /// <summary>The link to the host.</summary>
    public required LatencyModel Link { get; init; }

    /// <summary>Channels, the admin channel 0 included; 2 … 256.</summary>
    public int Channels { get; init; } = 17;

    /// <summary>MSI-X vectors, 1 … Channels; channels beyond the last share it.</summary>
    public int Vectors { get; init; } = 17;

    /// <summary>Most entries of a ring, a power of two up to 32768.</summary>
    public int MaxRingEntries { get; init; } = 4096;

    /// <summary>SRAM that MEMCPY and BAR4 reach, bytes, a multiple of 4.</summary>
    public int SramBytes { get; init; } = 1 << 20;

    /// <summary>Most bytes that one command may move.</summary>
    public int MaxTransferBytes { get; init; } = 16 << 20;

    /// <summary>Room of the loader for an image.</summary>
    public long MaxImageBytes { get; init; } = 1L << 30;

    /// <summary>Time in the boot ROM and in the loader, each, ns. An estimate: flashless boots of accelerator cards take 0.1–2 s.</summary>
    public long BootStageNs { get; init; } = 100_000_000;

    /// <summary>Time until a reset takes effect and BARs answer again, ns. PCIe 4.0 §6.6.2 gives a function 100 ms.</summary>
    public long ResetNs { get; init; } = 100_000_000;

    /// <summary>SHA-256 rate of the loader, bytes per ns. An estimate: a hardware hash engine of 1 GB/s.</summary>
    public double HashBytesPerNs { get; init; } = 1;

    /// <summary>Whether an image must be signed and how old it may be; model and mask are always compared with the card's own.</summary>
    public ImagePolicy ImagePolicy { get; init; } = new();

    /// <summary>Power with no pass in flight, W.</summary>
    public double IdleWatts { get; init; }

    /// <summary>How it warms up and lowers its clock; null: no temperature is reported and the clock stays.</summary>
    public CardCooling? Cooling { get; init; }

    /// <summary>Core supply, mV; 0 = not reported.</summary>
    public int Millivolts { get; init; }

    /// <summary>Core clock, kHz; 0 = not reported.</summary>
    public int Kilohertz { get; init; }

    /// <summary>Faults that the host arms: those of the image before it is loaded, all others afterwards. Times count from there.</summary>
    public IReadOnlyList<FaultSpec> Faults { get; init; } = [];

    /// <summary>Whether the FAULT_INJECT block exists.</summary>
    public bool AllowFaults { get; init; } = true;

    /// <summary>Bus events kept; 0 keeps no trace.</summary>
    public int TraceCapacity { get; init; }
}
