namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>A 256-weight format whose reference product keeps eight lanes of integer sums.</summary>
internal unsafe interface IKQuantFormat
{
    /// <summary>Bytes of a block.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>What is subtracted from each code: 0 or a power of two.</summary>
    static virtual int Offset => 0;

    /// <summary>Whether sub-blocks have minima.</summary>
    static virtual bool HasMinimum => false;

    /// <summary>Spreads the scales and minima of a block row.</summary>
    static abstract void Scales(byte* row, KQuantScales* to);

    /// <summary>Hands over the codes of eight columns and four lanes, sub-block after sub-block.</summary>
    /// <param name="row">A block row.</param>
    /// <param name="half">Columns 0…7 or 8…15.</param>
    /// <param name="group">Lanes 0…3 or 4…7.</param>
    /// <param name="sink">Takes each sub-block once.</param>
    static abstract void Codes<TSink>(byte* row, int half, int group, ref TSink sink)
        where TSink : struct, ICodeSink;
}
