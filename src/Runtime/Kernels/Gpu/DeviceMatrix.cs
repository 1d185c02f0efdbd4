using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>A matrix as kernels see it.</summary>
internal struct DeviceMatrix
{
    /// <summary>Panel after panel the bytes of the mask, segments in the order of the reduction.</summary>
    public ArrayView<uint> Codes;

    /// <summary>Code book of the format, four entries a word; one unused word without a code book.</summary>
    public ArrayView<uint> Book;

    /// <summary>[panel][segment][2]: first block of inputs, blocks.</summary>
    public ArrayView<int> Segments;

    /// <summary>One per output (fabric formats); otherwise one unused element.</summary>
    public ArrayView<float> ColumnScales;

    /// <summary>[panel][block in the order of the reduction]: which block of inputs it is; one unused element when they are in
    /// order.</summary>
    public ArrayView<int> InputBlocks;

    public int Inputs;
    public int Outputs;

    /// <summary>Panels of sixteen outputs.</summary>
    public int Panels;

    /// <summary>Blocks along the inputs, in every panel.</summary>
    public int Blocks;

    /// <summary>1 when block i of every panel is block i of the inputs.</summary>
    public int IsOrdered;

    /// <summary>Segments per panel.</summary>
    public int SegmentCount;

    /// <summary>Words of one panel.</summary>
    public long PanelWords;

    /// <summary>Bits of a fabric format's code.</summary>
    public int CodeBits;

    /// <summary>The block of inputs that block <paramref name="b"/> of a panel multiplies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int InputBlock(int panel, int b) => IsOrdered != 0 ? b : InputBlocks[(panel * Blocks) + b];
}
