using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Plain floats.</summary>
internal sealed class FloatFamily<TFormat> : CpuFamily
    where TFormat : struct, IFloatFormat
{
    public override PanelKernel Reference(CodeFormat format, SimdLevel level) => new FloatKernel<TFormat>();

    public override PanelKernel Floats() => new FloatSumKernel<TFormat>();
}
