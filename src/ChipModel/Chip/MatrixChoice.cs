using System.Text.Json.Serialization;
using TaalasSim.ChipModel.Files;
using YamlDotNet.Serialization;

namespace TaalasSim.ChipModel.Chip;

/// <summary>How one matrix is stored and why.</summary>
public sealed record MatrixChoice
{
    /// <summary>Name of the matrix.</summary>
    [YamlMember(Alias = "port", ApplyNamingConventions = false)]
    [JsonPropertyName("port")]
    public required string Matrix { get; init; }

    /// <summary>Name of the code format.</summary>
    public required string Format { get; init; }

    /// <summary>Stored bits per weight, scales included.</summary>
    [FieldRange(0, 64, "bit")]
    public required double BitsPerWeight { get; init; }

    /// <summary>Weights.</summary>
    [FieldRange(0, 1L << 50, "weights")]
    public required long Weights { get; init; }

    /// <summary>Σ p (w − ŵ)² over Σ p w², p the mean squared activation; over a sample of the outputs.</summary>
    [FieldRange(0, 1e9, "1")]
    public required double RelativeError { get; init; }

    /// <summary>KL divergence of the model when only this matrix is stored in the probe format, nats.</summary>
    [FieldRange(-1, 1e9, "nat")]
    public required double ProbeDivergence { get; init; }
}
