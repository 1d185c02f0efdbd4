using System.Text.Json.Serialization;
using TaalasSim.ChipModel.Files;
using YamlDotNet.Serialization;

namespace TaalasSim.ChipModel.Chip;

/// <summary>One matrix as placed on the fabric: size, format, cut and place. Sums over matrices are the chip's resources.</summary>
public sealed record MatrixPlan
{
    /// <summary>Index of the matrix; the dataflow layer refers to it.</summary>
    [FieldRange(0, 1 << 24, "1")]
    public required int Id { get; init; }

    /// <summary>Tensor name; an expert's slice is <c>name#expert</c>.</summary>
    [YamlMember(Alias = "tensor", ApplyNamingConventions = false)]
    [JsonPropertyName("tensor")]
    public required string Name { get; init; }

    /// <summary>What it does in the model; decides the phase of a token in which it works.</summary>
    public required MatrixRole Role { get; init; }

    /// <summary>Layer of the model, −1 for embedding and output.</summary>
    [FieldRange(-1, 10_000, "1")]
    public required int Layer { get; init; }

    /// <summary>Inputs (length of a GGUF row).</summary>
    [FieldRange(1, 1 << 28, "elements")]
    public required int Inputs { get; init; }

    /// <summary>Outputs (GGUF rows).</summary>
    [FieldRange(1, 1 << 28, "elements")]
    public required int Outputs { get; init; }

    /// <summary>Code format name.</summary>
    public required string Format { get; init; }

    /// <summary>Inputs per bank, a multiple of the format's block.</summary>
    [FieldRange(1, 1 << 21, "rows")]
    public required int BankRows { get; init; }

    /// <summary>Outputs per bank, a multiple of 16.</summary>
    [FieldRange(16, 1 << 21, "columns")]
    public required int BankColumns { get; init; }

    /// <summary>Lowest site that the matrix uses.</summary>
    [FieldRange(0, 1 << 24, "1")]
    public required int FirstSite { get; init; }

    /// <summary>Sites used.</summary>
    [FieldRange(1, 1 << 24, "banks")]
    public required int Banks { get; init; }

    /// <summary>Network hops from the vector unit to the farthest bank of the matrix (activations out; sums back take the same).</summary>
    [FieldRange(0, 1 << 20, "hops")]
    public required int Hops { get; init; }

    /// <summary>Cuts along the inputs: banks whose partial sums are reduced.</summary>
    public int InputSegments => (Inputs + BankRows - 1) / BankRows;

    /// <summary>Cuts along the outputs.</summary>
    public int OutputSegments => (Outputs + BankColumns - 1) / BankColumns;

    /// <summary>Levels of the reduction tree.</summary>
    public int ReductionLevels => System.Numerics.BitOperations.Log2((uint)System.Math.Max(1, (InputSegments * 2) - 1));

    /// <summary>Weights.</summary>
    public long Weights => (long)Inputs * Outputs;

    /// <summary>Rows that one bank reads for one product: the longest bank decides.</summary>
    public int RowsPerPass => System.Math.Min(Inputs, BankRows);
}
