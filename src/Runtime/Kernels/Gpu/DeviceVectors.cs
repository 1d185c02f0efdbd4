using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Quantised input vectors as kernels see them.</summary>
internal struct DeviceVectors
{
    /// <summary>[row][input / 4]: four signed codes a word (Q8_0, Q8_1, Q8_K).</summary>
    public ArrayView<uint> Codes;

    /// <summary>[row][block]; one per row in the fabric's numerics.</summary>
    public ArrayView<float> Scales;

    /// <summary>[row][block]: Q8_1's scale · sum.</summary>
    public ArrayView<float> Products;

    /// <summary>[row][block of 16]: sums of Q8_K's codes.</summary>
    public ArrayView<int> Sums;

    /// <summary>[row][input]: integer activations of the fabric's numerics.</summary>
    public ArrayView<int> Wide;

    /// <summary>[row][input]: rounded floats.</summary>
    public ArrayView<float> Values;

    public int Inputs;
}
