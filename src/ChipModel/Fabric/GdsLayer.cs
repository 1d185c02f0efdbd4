using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>One layer of a GDSII file.</summary>
public sealed record GdsLayer
{
    /// <summary>Layer number.</summary>
    [FieldRange(0, 32_767, "1")]
    public required int Layer { get; init; }

    /// <summary>Datatype number.</summary>
    [FieldRange(0, 32_767, "1")]
    public required int Datatype { get; init; }
}
