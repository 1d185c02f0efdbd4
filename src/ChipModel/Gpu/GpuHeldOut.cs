namespace TaalasSim.ChipModel.Gpu;

/// <summary>A figure predicted by a fit that did not see its model or card.</summary>
/// <param name="Case">The figure.</param>
/// <param name="LeftOut">What the fit did not see.</param>
/// <param name="LogRatio">Logarithm of prediction over measurement.</param>
public sealed record GpuHeldOut(GpuCase Case, string LeftOut, double LogRatio);
