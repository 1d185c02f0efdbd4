using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Formats with an integer sum per block or part of a block.</summary>
internal sealed class SumFamily<TFormat, TSum> : CpuFamily
    where TFormat : struct, ISumFormat
    where TSum : struct, IBlockSum
{
    public override PanelKernel Reference(CodeFormat format, SimdLevel level) =>
        SimdLevels.HasVnni(level) ? new SumKernel<TFormat, TSum, VnniDot>() : new SumKernel<TFormat, TSum, Avx2Dot>();

    public override RowSpreader Spreader(CodeFormat format) =>
        new SumSpreader<TFormat, TSum>(format.HasIntegerCodes, ((IntegerFormat)format).SubBlock);
}
