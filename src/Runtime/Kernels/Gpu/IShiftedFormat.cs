namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>A format whose groups of eight codes are all moved up or down by one eighth.</summary>
internal interface IShiftedFormat : IIntegerFormat
{
    /// <summary>+1 or −1 for group <paramref name="g"/> of eight.</summary>
    static abstract int Shift(PanelBlock block, int g);
}
