namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>What is made of a GGUF format, given its decoder and the family that it belongs to; see <see cref="FastFormats"/>.</summary>
internal interface IFormatVisitor<TResult>
{
    /// <summary>Plain floats.</summary>
    TResult Floats<TFormat>()
        where TFormat : struct, IFloatFormat;

    /// <summary>Blocks of 32 weights.</summary>
    TResult Block32<TFormat>()
        where TFormat : struct, IBlock32Format;

    /// <summary>K-quants whose reference product keeps eight lanes.</summary>
    TResult KQuant<TFormat>()
        where TFormat : struct, IKQuantFormat;

    /// <summary>Formats with an integer sum per block or part of a block.</summary>
    TResult Sums<TFormat, TSum>()
        where TFormat : struct, ISumFormat
        where TSum : struct, IBlockSum;
}
