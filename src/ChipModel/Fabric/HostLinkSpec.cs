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
    public required Constant LineCode { get; init; }

    /// <summary>Rate of one lane in generation 3, GT/s; each further generation doubles it.</summary>
    public required Constant Generation3GtPerSecond { get; init; }

    /// <summary>Bytes of payload in one packet.</summary>
    public required Constant PayloadBytes { get; init; }

    /// <summary>Bytes of header and framing of one packet.</summary>
    public required Constant PacketOverheadBytes { get; init; }

    /// <summary>Time the CPU spends on one posted register write, ns.</summary>
    public required Constant WriteCpuNs { get; init; }

    /// <summary>From the CPU's store until the device sees it, ns.</summary>
    public required Constant PostedWriteNs { get; init; }

    /// <summary>Register read, there and back, ns.</summary>
    public required Constant RegisterReadNs { get; init; }

    /// <summary>Latency of a device read of host memory, before the bytes, ns.</summary>
    public required Constant DmaReadNs { get; init; }

    /// <summary>From a device write until a polling host sees it, ns.</summary>
    public required Constant DmaWriteNs { get; init; }

    /// <summary>From the interrupt message until the waiting thread runs, ns.</summary>
    public required Constant InterruptWakeNs { get; init; }

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="InputException">The file is malformed or a constant is not a figure.</exception>
    public static HostLinkSpec Read(string path) => From(ParsedYaml.Load(path));

    /// <summary>Checks the link of a parsed file, with fields replaced.</summary>
    /// <exception cref="InputException">The file or a replaced value is not a figure.</exception>
    public static HostLinkSpec From(ParsedYaml file, IReadOnlyDictionary<string, string>? overrides = null)
    {
        var link = file.Bind<HostLinkSpec>(overrides);
        var faults = ConstantCatalog.List(link, "").SelectMany(c => TechnologyFile.Faults(c.Path.TrimStart('.'), c.Constant)).ToArray();
        return faults.Length == 0 ? link : throw new InputException($"{file.Path}: {string.Join("; ", faults)}");
    }
}
