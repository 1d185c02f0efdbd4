using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Graph;

namespace TaalasSim.Compiler.Steps;

/// <summary>A model whose matrices have code formats.</summary>
/// <param name="Model">The model.</param>
/// <param name="Formats">Code format of each matrix, in the model's order.</param>
/// <param name="Vectors">Vectors of the vector ROM: those of the graph, then the column scales of the formats.</param>
public sealed record FormattedModel(
    SourceModel Model,
    IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> Formats,
    IReadOnlyList<VectorEntry> Vectors
) : Stage
{
    /// <summary>Floats in the vector ROM.</summary>
    public long VectorValues => Vectors.Sum(v => (long)v.Count);

    /// <inheritdoc/>
    public override void WriteText(TextWriter text)
    {
        text.WriteLine($"# {Model.Graph.Shape.Name}: {Formats.Count} matrices, {Vectors.Count} vectors of {VectorValues} values");
        foreach (var (matrix, format) in Formats)
            text.WriteLine($"{matrix.PortName}: {matrix.Inputs} × {matrix.Outputs} {format.Name}");
        foreach (var vector in Vectors)
            text.WriteLine($"{vector.Name}: {vector.Count} f32");
    }
}
