namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>
/// A weight format with integer codes, as device functions: weight = Scale · Step[s] · (code − Offset) − MinimumScale · MinimumStep[s], s
/// its sub-block. Kernels are generic over it, so that each format is compiled into a separate kernel.
/// </summary>
internal interface IIntegerFormat
{
    /// <summary>Weights per block.</summary>
    static abstract int Weights { get; }

    /// <summary>Bytes per block; a block row of a panel has four times as many words.</summary>
    static abstract int Bytes { get; }

    /// <summary>Weights that share a step; a multiple of 8.</summary>
    static virtual int SubBlock => 32;

    /// <summary>Taken from every code.</summary>
    static virtual int Offset => 0;

    /// <summary>Whether there is a minimum.</summary>
    static virtual bool HasMinimum => false;

    /// <summary>The code book that <see cref="PanelBlock.Book"/> reads, four entries a word.</summary>
    static virtual ReadOnlySpan<sbyte> Book => [0, 0, 0, 0];

    /// <summary>Codes of weights 4q … 4q + 3, one signed byte each.</summary>
    static abstract uint Quad(PanelBlock block, int q);

    /// <summary>The block's scale.</summary>
    static abstract float Scale(PanelBlock block);

    /// <summary>The block's scale of minima; 0 without.</summary>
    static virtual float MinimumScale(PanelBlock block) => 0;

    /// <summary>Integer scale of a sub-block.</summary>
    static virtual int Step(PanelBlock block, int s) => 1;

    /// <summary>Integer minimum of a sub-block; 0 without.</summary>
    static virtual int MinimumStep(PanelBlock block, int s) => 0;
}
