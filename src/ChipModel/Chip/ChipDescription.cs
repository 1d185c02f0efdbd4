using System.Text.Json.Serialization;
using TaalasSim.ChipModel.Fabric;
using YamlDotNet.Serialization;

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

    /// <summary>The model file, with its digest, and how its weights were stored.</summary>
    public required ModelSource Source { get; init; }

    /// <summary>Use of the fabric: sites, weights, bits of the layers, room for keys and values.</summary>
    public required ResourceSummary Resources { get; init; }

    /// <summary>The two customised layers and the tokenizer, with digests.</summary>
    public required ImageFiles Files { get; init; }

    /// <summary>Sizes of the model: layers, widths, heads, vocabulary.</summary>
    public required ModelShape Model { get; init; }

    /// <summary>What the model does other than Llama: norms, biases, rotary embedding, experts.</summary>
    public required ModelTraits Traits { get; init; }

    /// <summary>The whole fabric as it was when the image was compiled; a later edit of its file does not change the image.</summary>
    public required FabricSpec Fabric { get; init; }

    /// <summary>Matrices and their places.</summary>
    [YamlMember(Alias = "ports", ApplyNamingConventions = false)]
    [JsonPropertyName("ports")]
    public required IReadOnlyList<MatrixPlan> Matrices { get; init; }

    /// <summary>Vectors of the vector ROM, in its order.</summary>
    public required IReadOnlyList<VectorEntry> Vectors { get; init; }

    /// <summary>Adapters kept in SRAM.</summary>
    public IReadOnlyList<AdapterPlan> Adapters { get; init; } = [];

    /// <summary>How the code formats were chosen; null when they were not chosen matrix by matrix.</summary>
    public WeightChoice? Choice { get; init; }

    /// <summary>The plan that timing, area, power and cost are computed from.</summary>
    public ChipPlan Plan() =>
        new()
        {
            Model = Model,
            Fabric = Fabric,
            Matrices = Matrices,
            VectorRomValues = Vectors.Sum(v => (long)v.Count),
            Adapters = Adapters,
        };
}
