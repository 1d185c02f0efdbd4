namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>A 256-weight format whose reference product keeps eight lanes of integer sums.</summary>
internal unsafe interface ILaneFormat
{
    /// <summary>Bytes of a block.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>What is subtracted from each code: 0 or a power of two.</summary>
    static abstract int Offset { get; }

    /// <summary>Whether sub-blocks have minima.</summary>
    static abstract bool HasMinimum { get; }

    /// <summary>Spreads a block row.</summary>
    static abstract void Decode(byte* row, LaneBlock* to);
}
