using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Kernels.Simd;

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

    private static PanelKernel? Wide(CodeFormat format) => format.Name switch
    {
        "q4_k" => new LaneKernel<Q4K, VnniDot, WidePackedRow<Q4K>>(),
        "q5_k" => new LaneKernel<Q5K, VnniDot, WidePackedRow<Q5K>>(),
        "q6_k" => new LaneKernel<Q6K, VnniDot, WideQ6KRow>(),
        _ => null,
    };

    private static PanelKernel? Fast<TDot>(CodeFormat format)
        where TDot : struct, IByteDot => format.Name switch
    {
        "f32" => new FloatKernel<F32>(),
        "f16" => new FloatKernel<F16>(),
        "bf16" => new FloatKernel<Bf16>(),
        "q4_0" => new ShortBlockKernel<Q4Zero, TDot>(),
        "q4_1" => new ShortBlockKernel<Q4One, TDot>(),
        "q5_0" => new ShortBlockKernel<Q5Zero, TDot>(),
        "q5_1" => new ShortBlockKernel<Q5One, TDot>(),
        "q8_0" => new ShortBlockKernel<Q8Zero, TDot>(),
        "iq4_nl" => new ShortBlockKernel<Iq4Nl, TDot>(),
        "mxfp4" => new ShortBlockKernel<MxFp4, TDot>(),
        "q3_k" => new LaneKernel<Q3K, TDot, NarrowRow<Q3K, TDot>>(),
        "q4_k" => new LaneKernel<Q4K, TDot, NarrowRow<Q4K, TDot>>(),
        "q5_k" => new LaneKernel<Q5K, TDot, NarrowRow<Q5K, TDot>>(),
        "q6_k" => new LaneKernel<Q6K, TDot, NarrowRow<Q6K, TDot>>(),
        _ => Sums<TDot>(format),
    };

    /// <summary>Formats with an integer sum per block or part of a block.</summary>
    private static PanelKernel? Sums<TDot>(CodeFormat format)
        where TDot : struct, IByteDot => format.Name switch
    {
        "q2_k" => new SumKernel<Q2K, MinimaSum<TDot>, TDot>(),
        "iq2_xxs" => new SumKernel<Iq2Xxs, ScaledSum, TDot>(),
        "iq2_xs" => new SumKernel<Iq2Xs, ScaledSum, TDot>(),
        "iq2_s" => new SumKernel<Iq2S, ScaledSum, TDot>(),
        "iq3_xxs" => new SumKernel<Iq3Xxs, ScaledSum, TDot>(),
        "iq3_s" => new SumKernel<Iq3S, ScaledSum, TDot>(),
        "iq1_s" => new SumKernel<Iq1S, EighthsSum, TDot>(),
        "iq1_m" => new SumKernel<Iq1M, EighthsSum, TDot>(),
        "iq4_xs" => new SumKernel<Iq4Xs, PartTerms, TDot>(),
        "tq1_0" => new SumKernel<Tq1Zero, PlainSum, TDot>(),
        "tq2_0" => new SumKernel<Tq2Zero, PlainSum, TDot>(),
        "nvfp4" => new SumKernel<NvFp4, PartTerms, TDot>(),
        "q1_0" => new SumKernel<Q1Zero, NestedTerms, TDot>(),
        "q2_0" => new SumKernel<Q2Zero, NestedTerms, TDot>(),
        _ => null,
    };
}
