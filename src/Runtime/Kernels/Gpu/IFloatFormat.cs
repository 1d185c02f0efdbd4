namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>A format of plain floating-point weights, one per block.</summary>
internal interface IFloatFormat
{
    /// <summary>Bytes per weight.</summary>
    static abstract int Bytes { get; }

    static abstract float Weight(PanelBlock block);
}
