namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>What is made of a GGUF format, given its decoder and the family that it belongs to; see <see cref="FastFormats"/>.</summary>
internal interface IFormatVisitor<TResult>
{
    /// <summary>Plain floats.</summary>
    TResult Floats<TFormat>()
        where TFormat : struct, IFloatFormat;

    /// <summary>Blocks of 32 weights.</summary>
    TResult Short<TFormat>()
        where TFormat : struct, IShortFormat;

    /// <summary>K-quants whose reference product keeps eight lanes.</summary>
    TResult Lanes<TFormat>()
        where TFormat : struct, ILaneFormat;

    /// <summary>Formats with an integer sum per block or part of a block.</summary>
    TResult Sums<TFormat, TSum>()
        where TFormat : struct, ISumFormat
        where TSum : struct, IBlockSum;
}
