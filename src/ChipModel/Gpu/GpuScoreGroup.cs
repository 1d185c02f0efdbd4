namespace TaalasSim.ChipModel.Gpu;

/// <summary>Error of one kind of figure.</summary>
public sealed record GpuScoreGroup
{
    /// <summary>Suite of the validation report, <c>gpu</c>.</summary>
    public required string Suite { get; init; }

    /// <summary>Kind of figure that its rows measure.</summary>
    public required string Name { get; init; }

    /// <summary><c>calibration</c>: card and model were fitted; <c>prediction</c>: one of them was not; <c>reference</c>: published
    /// bars.</summary>
    public required string Role { get; init; }

    /// <summary>Figures.</summary>
    public required int Count { get; init; }

    /// <summary>Runs; figures of one run count once.</summary>
    public required int Runs { get; init; }

    /// <summary>Mean absolute error over runs, %.</summary>
    public required double MeanAbsPct { get; init; }

    /// <summary>Mean absolute error of the worst run.</summary>
    public required double WorstPct { get; init; }

    /// <summary>Mean signed error.</summary>
    public required double BiasPct { get; init; }

    /// <summary>Share of the figures inside their 90 % interval, %.</summary>
    public required double InsidePct { get; init; }

    /// <summary>Largest accepted <see cref="MeanAbsPct"/>.</summary>
    public required double GatePct { get; init; }

    /// <summary>Whether the mean absolute error is within the gate, and that of the worst run where fitted steps have a limit; always for
    /// references.</summary>
    public required bool Pass { get; init; }
}
