using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>A sweep over design points, read from <c>chips/sweeps/*.yaml</c> by <see cref="SweepFile"/>.</summary>
public sealed record SweepSpec
{
    /// <summary>Name, the file's name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>Model: a shape of <c>chips/models</c> or a model file.</summary>
    public required string Model { get; init; }

    /// <summary>Fabric: a name of <c>chips/fabrics</c> or a YAML file.</summary>
    public required string Fabric { get; init; }

    /// <summary>Code format of the weights; empty for the fabric's default.</summary>
    public string Weights { get; init; } = "";

    /// <summary>What users ask for where nothing is varied.</summary>
    public required SweepService Service { get; init; }

    /// <summary>Fields that vary; the last one changes fastest.</summary>
    public required List<SweepAxis> Vary { get; init; }

    /// <summary>How points are chosen.</summary>
    public SweepMode Mode { get; init; } = SweepMode.Grid;

    /// <summary>Seed of everything random in an evaluation.</summary>
    [FieldRange(0, int.MaxValue, "1")]
    public int Seed { get; init; } = 1;
}
