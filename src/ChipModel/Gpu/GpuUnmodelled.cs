namespace TaalasSim.ChipModel.Gpu;

/// <summary>A measurement without a prediction, and why.</summary>
/// <param name="Id">Row of the table.</param>
/// <param name="Reason">What the row lacks or the model does not describe.</param>
public sealed record GpuUnmodelled(string Id, string Reason);
