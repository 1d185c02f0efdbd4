using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>The kernel of each format on each instruction set.</summary>
internal static class PanelKernels
{
    /// <summary>The fastest kernel of the reference's arithmetic.</summary>
    public static PanelKernel For(CodeFormat format, SimdLevel level)
    {
        ScalarProduct.Check(format);
        var fast = level switch
        {
            SimdLevel.Avx512 => Wide(format) ?? Fast<VnniDot>(format),
            SimdLevel.Vnni => Fast<VnniDot>(format),
            SimdLevel.Avx2 => Fast<Avx2Dot>(format),
            _ => null,
        };
        return fast ?? (format.GgmlType < 0 && level != SimdLevel.Portable ? new RomFloatKernel(format) : new ColumnKernel(format));
    }

    private static PanelKernel? Wide(CodeFormat format) =>
        format.Name switch
        {
            "q4_k" => new KQuantKernel<Q4K, Avx512Gemv<Q4K>, Avx512Gemm<Avx512PackedCodes<Q4K>>>(),
            "q5_k" => new KQuantKernel<Q5K, Avx512Gemv<Q5K>, Avx512Gemm<Avx512PackedCodes<Q5K>>>(),
            "q6_k" => new KQuantKernel<Q6K, Avx512Q6KGemv, Avx512Gemm<Avx512Q6KCodes>>(),
            _ => null,
        };

    private static PanelKernel? Fast<TDot>(CodeFormat format)
        where TDot : struct, IByteDot => FastFormats.Visit<TDot, Kernels<TDot>, PanelKernel>(format.Name, default);

    private readonly struct Kernels<TDot> : IFormatVisitor<PanelKernel>
        where TDot : struct, IByteDot
    {
        public PanelKernel Floats<TFormat>()
            where TFormat : struct, IFloatFormat => new FloatKernel<TFormat>();

        public PanelKernel Block32<TFormat>()
            where TFormat : struct, IBlock32Format => new Block32Kernel<TFormat, TDot>();

        public PanelKernel KQuant<TFormat>()
            where TFormat : struct, IKQuantFormat => new KQuantKernel<TFormat, Avx2Gemv<TFormat, TDot>, Avx2Gemm<TFormat, TDot>>();

        public PanelKernel Sums<TFormat, TSum>()
            where TFormat : struct, ISumFormat
            where TSum : struct, IBlockSum => new SumKernel<TFormat, TSum, TDot>();
    }
}
