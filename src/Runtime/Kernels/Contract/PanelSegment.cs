namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>One piece of a panel: the blocks of sixteen columns in one bank.</summary>
/// <param name="Address">First block row in the memory-mapped weights layer.</param>
/// <param name="InputStart">First input of the port that the bank is strapped to.</param>
/// <param name="Rows">Inputs that the bank holds; a multiple of the format's block.</param>
public readonly record struct PanelSegment(nint Address, int InputStart, int Rows);
