using System.Text.Json.Serialization;
using TaalasSim.ChipModel.Files;
using YamlDotNet.Serialization;

namespace TaalasSim.ChipModel.Chip;

/// <summary>How the code formats of an image were chosen (<c>--weights auto</c>): the budget, what was measured, and the format of every
/// matrix.</summary>
public sealed record WeightChoice
{
    /// <summary>Bits per weight that were allowed, scales included.</summary>
    [FieldRange(0, 64, "bit")]
    public required double Budget { get; init; }

    /// <summary>Bits per weight that are used.</summary>
    [FieldRange(0, 64, "bit")]
    public required double BitsPerWeight { get; init; }

    /// <summary>Mean KL divergence from the unquantised model on the calibration text, nats.</summary>
    [FieldRange(-1, 1e9, "nat")]
    public required double Divergence { get; init; }

    /// <summary>The widest format that the budget allows for every matrix alike.</summary>
    public required string Uniform { get; init; }

    /// <summary>Mean KL divergence with <see cref="Uniform"/> everywhere, nats.</summary>
    [FieldRange(-1, 1e9, "nat")]
    public required double UniformDivergence { get; init; }

    /// <summary>Format that every matrix was tried in alone.</summary>
    public required string Probe { get; init; }

    /// <summary>One entry per matrix, in the model's order.</summary>
    [YamlMember(Alias = "tensors", ApplyNamingConventions = false)]
    [JsonPropertyName("tensors")]
    public required IReadOnlyList<MatrixChoice> Matrices { get; init; }
}
