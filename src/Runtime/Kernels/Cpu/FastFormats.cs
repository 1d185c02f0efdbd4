namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>The decoders of GGUF formats for sixteen columns side by side, from AVX2 on.</summary>
internal static class FastFormats
{
    /// <summary>Hands the decoder of a format to the visitor; the default where there is none.</summary>
    public static TResult? Visit<TDot, TVisitor, TResult>(string format, TVisitor visitor)
        where TDot : struct, IByteDot
        where TVisitor : struct, IFormatVisitor<TResult>
        where TResult : class =>
        format switch
        {
            "f32" => visitor.Floats<F32>(),
            "f16" => visitor.Floats<F16>(),
            "bf16" => visitor.Floats<Bf16>(),
            "q4_0" => visitor.Block32<Q4_0>(),
            "q4_1" => visitor.Block32<Q4_1>(),
            "q5_0" => visitor.Block32<Q5_0>(),
            "q5_1" => visitor.Block32<Q5_1>(),
            "q8_0" => visitor.Block32<Q8_0>(),
            "iq4_nl" => visitor.Block32<Iq4Nl>(),
            "mxfp4" => visitor.Block32<MxFp4>(),
            "q3_k" => visitor.KQuant<Q3K>(),
            "q4_k" => visitor.KQuant<Q4K>(),
            "q5_k" => visitor.KQuant<Q5K>(),
            "q6_k" => visitor.KQuant<Q6K>(),
            "q2_k" => visitor.Sums<Q2K, MinimaSum<TDot>>(),
            "iq2_xxs" => visitor.Sums<Iq2Xxs, ScaledSum>(),
            "iq2_xs" => visitor.Sums<Iq2Xs, ScaledSum>(),
            "iq2_s" => visitor.Sums<Iq2S, ScaledSum>(),
            "iq3_xxs" => visitor.Sums<Iq3Xxs, ScaledSum>(),
            "iq3_s" => visitor.Sums<Iq3S, ScaledSum>(),
            "iq1_s" => visitor.Sums<Iq1S, EighthsSum>(),
            "iq1_m" => visitor.Sums<Iq1M, EighthsSum>(),
            "iq4_xs" => visitor.Sums<Iq4Xs, PartTerms>(),
            "tq1_0" => visitor.Sums<TQ1_0, PlainSum>(),
            "tq2_0" => visitor.Sums<TQ2_0, PlainSum>(),
            "nvfp4" => visitor.Sums<NvFp4, PartTerms>(),
            "q1_0" => visitor.Sums<Q1_0, NestedTerms>(),
            "q2_0" => visitor.Sums<Q2_0, NestedTerms>(),
            _ => null,
        };
}
