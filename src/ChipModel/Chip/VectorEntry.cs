using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Chip;

/// <summary>A vector in the vector ROM: norm weights, biases, rope factors, column scales.</summary>
public sealed record VectorEntry
{
    /// <summary>GGUF name of the tensor, or <see cref="ColumnScalesOf"/> of a matrix.</summary>
    public required string Name { get; init; }

    /// <summary>Floats.</summary>
    [FieldRange(0, 1 << 28, "1")]
    public required int Count { get; init; }

    /// <summary>Name of the vector with the column scales of a port whose weights are in a format of the fabric.</summary>
    public static string ColumnScalesOf(string port) => port + ".column_scales";
}
