using System.Text.Json.Serialization;
using TaalasSim.ChipModel.Files;
using YamlDotNet.Serialization;

namespace TaalasSim.ChipModel.Chip;

/// <summary>A low-rank adapter on one matrix, kept in SRAM: y += s · B (A x). It can be exchanged without new masks.</summary>
public sealed record AdapterPlan
{
    /// <summary>Index of the matrix that it acts on.</summary>
    [YamlMember(Alias = "port", ApplyNamingConventions = false)]
    [JsonPropertyName("port")]
    [FieldRange(0, 1 << 24, "1")]
    public required int Matrix { get; init; }

    /// <summary>Rows of A and columns of B.</summary>
    [FieldRange(1, 1 << 16, "1")]
    public required int Rank { get; init; }

    /// <summary>s: the user's factor times alpha / rank.</summary>
    [FieldRange(-1e9, 1e9, "1")]
    public required float Scale { get; init; }

    /// <summary>Code format of A, rank × inputs of the matrix.</summary>
    public required string FormatA { get; init; }

    /// <summary>Code format of B, outputs of the matrix × rank.</summary>
    public required string FormatB { get; init; }

    /// <summary>Bytes of A in SRAM.</summary>
    [FieldRange(1, 1L << 40, "B")]
    public required long BytesA { get; init; }

    /// <summary>Bytes of B in SRAM.</summary>
    [FieldRange(1, 1L << 40, "B")]
    public required long BytesB { get; init; }
}
