namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>A format as <see cref="SumKernel{TFormat,TSum,TDot}"/> sees it: parts of 16 or 32 weights that share a scale.</summary>
internal unsafe interface ISumFormat
{
    /// <summary>Bytes of a block.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>Weights of a block: 256 against Q8_K, fewer against Q8_0.</summary>
    static abstract int BlockWeights { get; }

    /// <summary>Weights of a part, 16 or 32.</summary>
    static abstract int PartWeights { get; }

    /// <summary>What an output is multiplied with in the end.</summary>
    static virtual float OutputScale => 1;

    /// <summary>Turns eight columns' blocks into signed bytes, scales and what else the sum of the format reads.</summary>
    /// <param name="row">A block row.</param>
    /// <param name="half">Columns 0…7 or 8…15.</param>
    /// <param name="to">Takes each unit and each scale once.</param>
    static abstract void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot;
}
