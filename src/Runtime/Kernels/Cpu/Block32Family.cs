using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Blocks of 32 weights.</summary>
internal sealed class Block32Family<TFormat> : CpuFamily
    where TFormat : struct, IBlock32Format
{
    public override PanelKernel Reference(CodeFormat format, SimdLevel level) =>
        SimdLevels.HasVnni(level) ? new Block32Kernel<TFormat, VnniDot>() : new Block32Kernel<TFormat, Avx2Dot>();

    public override RowSpreader Spreader(CodeFormat format) => new Block32Spreader<TFormat>();
}
