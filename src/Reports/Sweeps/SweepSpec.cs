using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>A sweep over design points, read from <c>chips/sweeps/*.yaml</c> by <see cref="SweepFile"/>.</summary>
public sealed record SweepSpec
{
    /// <summary>The <see cref="Size"/> that fits each point's model.</summary>
    public const string SmallestSize = "smallest that fits";

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

    /// <summary>Points of a mode that does not take every combination.</summary>
    [FieldRange(1, SweepFile.MaximumPoints, "points")]
    public int? Points { get; init; }

    /// <summary><see cref="SmallestSize"/>: each point gets as few rows of bank sites as hold its model; empty: as described.</summary>
    public string Size { get; init; } = "";

    /// <summary>Table of <c>curve --csv</c> for this model on this fabric: measured quality of points that differ from the described design
    /// in one width at most. Empty for none.</summary>
    public string Quality { get; init; } = "";

    /// <summary>Conditions over figures and fields, e.g. <c>die_mm2 &lt;= 815</c>; the table says which points meet them all.</summary>
    public List<string> Constraints { get; init; } = [];

    /// <summary>What should be small or large; the table says which points are on the Pareto front.</summary>
    public List<SweepObjective> Objectives { get; init; } = [];

    /// <summary>Figures that the command prints for each point, e.g. <c>die_mm2</c>; with objectives for those on the front.</summary>
    public List<string> Show { get; init; } = [];

    /// <summary>Seed of everything random: the points of random modes and the draws of an evaluation.</summary>
    [FieldRange(0, int.MaxValue, "1")]
    public int Seed { get; init; } = 1;

    /// <summary>What names in formulas mean; null where no formula asks for more than varied fields.</summary>
    internal SweepNames? Names { get; init; }
}
