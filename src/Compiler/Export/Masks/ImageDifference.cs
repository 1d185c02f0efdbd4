namespace TaalasSim.Compiler.Export.Masks;

/// <summary>What changes on the two customised layers from one chip image to another.</summary>
public sealed record ImageDifference
{
    /// <summary>Matrices and vectors, in the order of the first image; then those that only the second has.</summary>
    public required IReadOnlyList<TensorDifference> Tensors { get; init; }

    /// <summary>Via positions of the die that differ, by site and place; null when the fabrics differ, so that no position
    /// corresponds.</summary>
    public required long? WeightsLayerPositions { get; init; }

    /// <summary>Strap positions of the die that differ; null when the fabrics differ.</summary>
    public required long? DataflowLayerPositions { get; init; }

    /// <summary>Whether the second chip can be made with the first one's weights mask.</summary>
    public bool SharesWeightsMask => WeightsLayerPositions == 0;

    /// <summary>Whether the second chip can be made with the first one's dataflow mask.</summary>
    public bool SharesDataflowMask => DataflowLayerPositions == 0;
}
