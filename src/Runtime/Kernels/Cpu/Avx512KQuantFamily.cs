using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>K-quants that also have kernels in 512-bit vectors.</summary>
internal sealed class Avx512KQuantFamily<TFormat, TGemv, TGemm> : KQuantFamily<TFormat>
    where TFormat : struct, IKQuantFormat
    where TGemv : struct, IKQuantGemv
    where TGemm : struct, IKQuantGemm
{
    public override PanelKernel Reference(CodeFormat format, SimdLevel level) =>
        SimdLevels.HasAvx512(level) ? new KQuantKernel<TFormat, TGemv, TGemm>() : base.Reference(format, level);
}
