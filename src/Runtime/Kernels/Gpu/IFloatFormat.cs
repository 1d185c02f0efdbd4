namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>A format of plain floating-point weights, one per block.</summary>
internal interface IFloatFormat
{
    /// <summary>Bytes per weight.</summary>
    int Bytes { get; }

    float Weight(PanelBlock block);
}
