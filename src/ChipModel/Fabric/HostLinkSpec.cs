using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>Constants of the link between host and card. Read from <c>chips/links/*.yaml</c>; every figure carries its source.</summary>
public sealed record HostLinkSpec
{
    /// <summary>Name, the file's name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>Payload bits over bits on the wire.</summary>
    [FieldRange(0.1, 1, "x")]
    public required Constant LineCode { get; init; }

    /// <summary>Rate of one lane in generation 3, GT/s; each further generation doubles it.</summary>
    [FieldRange(0.1, 1000, "GT/s")]
    public required Constant Generation3GtPerSecond { get; init; }

    /// <summary>Bytes of payload in one packet.</summary>
    [FieldRange(1, 1 << 16, "B")]
    public required Constant PayloadBytes { get; init; }

    /// <summary>Bytes of header and framing of one packet.</summary>
    [FieldRange(0, 4096, "B")]
    public required Constant PacketOverheadBytes { get; init; }

    /// <summary>Time the CPU spends on one posted register write, ns.</summary>
    [FieldRange(0, 1e9, "ns")]
    public required Constant WriteCpuNs { get; init; }

    /// <summary>From the CPU's store until the device sees it, ns.</summary>
    [FieldRange(0, 1e9, "ns")]
    public required Constant PostedWriteNs { get; init; }

    /// <summary>Register read, there and back, ns.</summary>
    [FieldRange(0, 1e9, "ns")]
    public required Constant RegisterReadNs { get; init; }

    /// <summary>Latency of a device read of host memory, before the bytes, ns.</summary>
    [FieldRange(0, 1e9, "ns")]
    public required Constant DmaReadNs { get; init; }

    /// <summary>From a device write until a polling host sees it, ns.</summary>
    [FieldRange(0, 1e9, "ns")]
    public required Constant DmaWriteNs { get; init; }

    /// <summary>From the interrupt message until the waiting thread runs, ns.</summary>
    [FieldRange(0, 1e9, "ns")]
    public required Constant InterruptWakeNs { get; init; }

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="InputException">The file is malformed or a constant is not a figure.</exception>
    public static HostLinkSpec Read(string path) => From(ParsedYaml.Load(path));

    /// <summary>Checks the link of a parsed file, with fields replaced.</summary>
    /// <exception cref="InputException">The file or a replaced value is not a figure.</exception>
    public static HostLinkSpec From(ParsedYaml file, IReadOnlyDictionary<string, string>? overrides = null) =>
        file.Bind<HostLinkSpec>(overrides);
}
