namespace TaalasSim.Runtime.Kernels.Scalar;

/// <summary>The running sums of one output, carried from block to block and from bank to bank.</summary>
internal unsafe struct ScalarSum
{
    /// <summary>Sum of float products in double (float formats).</summary>
    public double Wide;

    /// <summary>Sum over blocks in float.</summary>
    public float Narrow;

    /// <summary>The eight lanes of the K-quants: element index mod 8.</summary>
    public fixed float Lanes[8];
}
