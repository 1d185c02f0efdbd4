using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Sampling;

/// <summary>How much of a figure's variance a field makes, each with its 90 % interval.</summary>
/// <param name="First">Share that the field makes alone.</param>
/// <param name="Total">Share that the field makes alone and together with others.</param>
public readonly record struct SobolIndex(UncertaintyRange First, UncertaintyRange Total);
