using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>One figure of chip and GPU in one view.</summary>
/// <param name="Chip">The chip's.</param>
/// <param name="Gpu">The GPU's.</param>
/// <param name="Standing">Who is better, by intervals.</param>
public sealed record RatioCell(UncertaintyRange Chip, UncertaintyRange Gpu, Standing Standing)
{
    /// <summary>Chip over GPU.</summary>
    public double Ratio => Chip.Value / Gpu.Value;

    /// <summary>The ratio with its widest interval: each end of the chip's over the opposite end of the GPU's.</summary>
    public UncertaintyRange Range => new(Ratio, Chip.Low / Gpu.High, Chip.High / Gpu.Low);

    /// <summary>Compares two values of a figure.</summary>
    public static RatioCell Of(FigureDefinition figure, UncertaintyRange chip, UncertaintyRange gpu)
    {
        var more =
            chip.Low > gpu.High ? Better.More
            : chip.High < gpu.Low ? Better.Less
            : Better.Neither;
        var standing =
            more == Better.Neither || figure.Better == Better.Neither ? Standing.Open
            : more == figure.Better ? Standing.Better
            : Standing.Worse;
        return new RatioCell(chip, gpu, standing);
    }
}
