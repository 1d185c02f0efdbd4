using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>K-quants whose reference product keeps eight lanes, in 256-bit vectors.</summary>
internal class KQuantFamily<TFormat> : CpuFamily
    where TFormat : struct, IKQuantFormat
{
    public override PanelKernel Reference(CodeFormat format, SimdLevel level) =>
        SimdLevels.HasVnni(level)
            ? new KQuantKernel<TFormat, Avx2Gemv<TFormat, VnniDot>, Avx2Gemm<TFormat, VnniDot>>()
            : new KQuantKernel<TFormat, Avx2Gemv<TFormat, Avx2Dot>, Avx2Gemm<TFormat, Avx2Dot>>();

    public override RowSpreader Spreader(CodeFormat format) => new KQuantSpreader<TFormat>();
}
