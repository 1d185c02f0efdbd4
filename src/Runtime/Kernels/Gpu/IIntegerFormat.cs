namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>
/// A weight format with integer codes, as stateless device functions: weight = Scale · Step[s] · (code − Offset) − MinimumScale ·
/// MinimumStep[s], s its sub-block. Kernels are generic over it, so that each format is compiled into a separate kernel.
/// </summary>
internal interface IIntegerFormat
{
    /// <summary>Weights per block.</summary>
    int Weights { get; }

    /// <summary>Bytes per block; a block row of a panel has four times as many words.</summary>
    int Bytes { get; }

    /// <summary>Weights that share a step; a multiple of 8.</summary>
    int SubBlock { get; }

    /// <summary>Taken from every code.</summary>
    int Offset { get; }

    /// <summary>Whether there is a minimum.</summary>
    bool HasMinimum { get; }

    /// <summary>Codes of weights 4q … 4q + 3, one signed byte each.</summary>
    uint Quad(PanelBlock block, int q);

    /// <summary>The block's scale.</summary>
    float Scale(PanelBlock block);

    /// <summary>The block's scale of minima; 0 without.</summary>
    float MinimumScale(PanelBlock block);

    /// <summary>Integer scale of a sub-block.</summary>
    int Step(PanelBlock block, int s);

    /// <summary>Integer minimum of a sub-block; 0 without.</summary>
    int MinimumStep(PanelBlock block, int s);
}
