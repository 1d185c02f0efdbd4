using TaalasSim.ChipModel.Fabric;

namespace TaalasSim.ChipModel.Chip;

/// <summary>The file <c>chip.yaml</c>: everything about a chip image that is not a mask bit, for people and for the runtime.</summary>
public sealed record ChipDescription
{
    /// <summary>Version of this file's form.</summary>
    public const string CurrentFormat = "taalassim-chip/1";

    /// <summary><see cref="CurrentFormat"/>.</summary>
    public required string Format { get; init; }

    /// <summary>Program and version that compiled the image.</summary>
    public required string Compiler { get; init; }

    public required ModelSource Source { get; init; }

    public required ResourceSummary Resources { get; init; }

    /// <summary>The two customised layers and the tokenizer, with digests.</summary>
    public required ImageFiles Files { get; init; }

    public required ModelShape Model { get; init; }

    public required ModelTraits Traits { get; init; }

    public required FabricSpec Fabric { get; init; }

    /// <summary>Matrices and where they stand.</summary>
    public required IReadOnlyList<PortPlan> Ports { get; init; }

    /// <summary>Vectors of the vector ROM, in its order.</summary>
    public required IReadOnlyList<VectorEntry> Vectors { get; init; }

    /// <summary>Adapters kept in SRAM.</summary>
    public IReadOnlyList<AdapterPlan> Adapters { get; init; } = [];

    /// <summary>How the code formats were chosen; null when they were not chosen matrix by matrix.</summary>
    public WeightChoice? Choice { get; init; }

    /// <summary>The plan that timing, area, power and cost are computed from.</summary>
    public ChipPlan Plan() => new() { Model = Model, Fabric = Fabric, Ports = Ports, VectorRomValues = Vectors.Sum(v => (long)v.Count), Adapters = Adapters };
}

/// <summary>Which model file the weights came from.</summary>
public sealed record ModelSource
{
    /// <summary>File name without folder.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How weights were stored: <c>preserve</c>, a code format, or <c>auto</c> for formats chosen port by port.</summary>
    public required string Weights { get; init; }

    /// <summary>Adapters that act on the weights.</summary>
    public IReadOnlyList<AdapterSource> Adapters { get; init; } = [];
}

/// <summary>Which adapter file was used, and how.</summary>
public sealed record AdapterSource
{
    /// <summary>File name without folder.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The user's factor.</summary>
    public required float Scale { get; init; }

    /// <summary><c>merged</c> into the hard-wired weights, or <c>sram</c>.</summary>
    public required string Placement { get; init; }
}

/// <summary>Use of the fabric, for people.</summary>
public sealed record ResourceSummary
{
    public required int SitesUsed { get; init; }

    public required int SitesAvailable { get; init; }

    /// <summary>Weights in banks.</summary>
    public required long Weights { get; init; }

    /// <summary>Code and scale bits on the weights layer, without unused columns.</summary>
    public required long WeightsLayerBits { get; init; }

    /// <summary>Vias on the weights layer: stored bits that are one.</summary>
    public required long WeightsLayerVias { get; init; }

    /// <summary>Straps on the dataflow layer that are one.</summary>
    public required long DataflowLayerStraps { get; init; }

    /// <summary>Bytes of keys and values per token at the fabric's KV precision.</summary>
    public required long KvBytesPerToken { get; init; }

    /// <summary>Tokens of keys and values that the SRAM of all dies holds.</summary>
    public required long KvCapacityTokens { get; init; }
}

/// <summary>Files of the image beside chip.yaml.</summary>
public sealed record ImageFiles
{
    public required ImageFile Weights { get; init; }

    public required ImageFile Dataflow { get; init; }

    public required ImageFile Tokenizer { get; init; }

    /// <summary>Contents of the SRAM that holds adapters; null without any.</summary>
    public ImageFile? Adapters { get; init; }
}

/// <summary>One file and its digest.</summary>
public sealed record ImageFile
{
    public required string Name { get; init; }

    public required long Bytes { get; init; }

    /// <summary>SHA-256, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>A vector in the vector ROM: norm weights, biases, rope factors, column scales.</summary>
public sealed record VectorEntry
{
    public required string Name { get; init; }

    /// <summary>Floats.</summary>
    public required int Count { get; init; }
}
