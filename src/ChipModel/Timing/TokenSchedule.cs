namespace TaalasSim.ChipModel.Timing;

/// <summary>
/// The way of one token over the chip: embedding, layers in order, output. The closed form adds it up; the event engine plays it with many
/// slots. A stage starts when the stage before has ended; slots of other tokens may be in any other stage, and in other phases of the same
/// one.
/// </summary>
public sealed class TokenSchedule
{
    private ModuloSchedule? _timetable;
    private int[]? _distinctRegions;

    /// <summary>Stages in order: embedding, decoder layers, output.</summary>
    public required IReadOnlyList<LayerSchedule> Stages { get; init; }

    /// <summary>Number of stage kinds; <see cref="LayerSchedule.Kind"/> is below it.</summary>
    public required int Kinds { get; init; }

    /// <summary>Stages per kind.</summary>
    public required IReadOnlyList<int> StagesOfKind { get; init; }

    /// <summary>For each kind the first stage of it.</summary>
    public required IReadOnlyList<LayerSchedule> Representatives { get; init; }

    /// <summary>For each kind the cycles by which its stages together are longer than as many copies of the first: wires differ from place
    /// to place.</summary>
    public required IReadOnlyList<double> FurtherFillCycles { get; init; }

    /// <summary>Stages per region and kind: [region × kinds + kind].</summary>
    public required IReadOnlyList<int> StagesOfRegion { get; init; }

    /// <summary>Rows of <see cref="StagesOfRegion"/> that differ: equal regions are equally busy.</summary>
    internal ReadOnlySpan<int> DistinctRegions =>
        _distinctRegions ??= [.. StagesOfRegion.Chunk(Kinds).DistinctBy(row => string.Join(',', row)).SelectMany(row => row)];

    /// <summary>Dies that do the phases of every stage side by side (tensor partition).</summary>
    public int DiesPerStage { get; init; } = 1;

    /// <summary>Positions of a canvas that banks and reduction trees serve together.</summary>
    public int PositionsPerRead { get; init; } = 1;

    /// <summary>Cycles per token of the busiest die's link inside its package.</summary>
    public double DieLinkCycles { get; init; }

    /// <summary>Cycles at the nominal clock that a token spends on links between packages.</summary>
    public double PackageLinkCycles { get; init; }

    /// <summary>Latencies of links between packages on the way of a token.</summary>
    public double PackageLinkSteps { get; init; }

    /// <summary>Bits that pass links between packages one after another on the way of a token.</summary>
    public double PackageLinkBits { get; init; }

    /// <summary>Bits per token through the busiest die's link to other packages.</summary>
    public double BusiestPackageLinkBits { get; init; }

    /// <summary>Cycles per token at the nominal clock of the busiest die's link to other packages.</summary>
    public double BusiestPackageLinkCycles { get; init; }

    /// <summary>Slots that a stage can hold; a token is sent on only when the next stage has room. 0: as many as come.</summary>
    public int StageBuffers { get; init; }

    /// <summary>Modulo schedule: where slots are that enter one initiation interval apart.</summary>
    public ModuloSchedule Timetable => _timetable ??= new ModuloSchedule(this);

    /// <summary>Quantiles far ahead of a model of patches, which the last token of a context makes beside its <see cref="Output"/>; null
    /// for other models.</summary>
    public LayerSchedule? Quantiles { get; init; }

    /// <summary>The last stage: output product and sampler, which prompt tokens but the last skip.</summary>
    public LayerSchedule Output => Stages[^1];
}
