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

    public int Inputs;
    public int Outputs;

    /// <summary>Segments per panel.</summary>
    public int SegmentCount;

    /// <summary>Words of one panel.</summary>
    public long PanelWords;

    /// <summary>Bits of a fabric format's code.</summary>
    public int CodeBits;
}
