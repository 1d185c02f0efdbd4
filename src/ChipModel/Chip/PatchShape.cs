using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Chip;

/// <summary>Sizes of a model whose tokens are patches of a series of numbers (TimesFM): a residual block makes a token of a patch and its
/// mask, another makes points and their quantiles of what leaves the last layer, and a third the quantiles far ahead.</summary>
public sealed record PatchShape : ICheckedDescription
{
    /// <summary>Points of a patch.</summary>
    [FieldRange(1, 1 << 16, "points")]
    public required int InputPoints { get; init; }

    /// <summary>Points that one token forecasts; a multiple of <see cref="InputPoints"/>.</summary>
    [FieldRange(1, 1 << 20, "points")]
    public required int OutputPoints { get; init; }

    /// <summary>Points that the quantile head covers.</summary>
    [FieldRange(1, 1 << 20, "points")]
    public required int QuantilePoints { get; init; }

    /// <summary>Figures of a forecast point: the mean and its quantiles.</summary>
    [FieldRange(1, 1 << 10, "figures")]
    public int FiguresPerPoint { get; init; } = 10;

    /// <summary>Series computed for one forecast: 2 where that of the negated series is averaged in, so that
    /// f(−x) = −f(x).</summary>
    [FieldRange(1, 2, "series")]
    public int SeriesPerForecast { get; init; } = 2;

    /// <summary>Elements of the first block's input: the values of a patch and its mask.</summary>
    public int InputElements => 2 * InputPoints;

    /// <summary>Patches that the output of one token fills: those that a step of decoding takes in.</summary>
    public int PatchesPerStep => Math.Max(1, OutputPoints / InputPoints);

    /// <summary>Steps of decoding for this number of patches: what leaves the last patch of the context is no step.</summary>
    /// <param name="patches">Patches to forecast, at least 1.</param>
    public int Steps(int patches) => (patches - 1) / PatchesPerStep;

    /// <inheritdoc/>
    public IEnumerable<FieldFault> Faults()
    {
        if (InputPoints > 0 && OutputPoints % InputPoints != 0)
            yield return new(
                $"patches: output_points {OutputPoints} must be a multiple of input_points ({InputPoints})",
                "output_points",
                "input_points"
            );
    }
}
