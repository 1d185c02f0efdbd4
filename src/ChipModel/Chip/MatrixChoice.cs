using System.Text.Json.Serialization;
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
    public required double BitsPerWeight { get; init; }

    /// <summary>Weights.</summary>
    public required long Weights { get; init; }

    /// <summary>Σ p (w − ŵ)² over Σ p w², p the mean squared activation; over a sample of the outputs.</summary>
    public required double RelativeError { get; init; }

    /// <summary>KL divergence of the model when only this matrix is stored in the probe format, nats.</summary>
    public required double ProbeDivergence { get; init; }
}
