namespace TaalasSim.ChipModel.Fabric;

/// <summary>One layer of a GDSII file.</summary>
public sealed record GdsLayer
{
    public required int Layer { get; init; }

    public required int Datatype { get; init; }
}
