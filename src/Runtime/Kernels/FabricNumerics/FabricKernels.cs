using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;

namespace TaalasSim.Runtime.Kernels.FabricNumerics;

/// <summary>The kernel of each format in the fabric's arithmetic.</summary>
internal static class FabricKernels
{
    /// <summary>The fastest kernel of a format.</summary>
    public static PanelKernel For(CodeFormat format, HardwareNumerics numerics, SimdLevel level)
    {
        if (format.GgmlType < 0)
            return new RomKernel(format, numerics);
        var fast = level == SimdLevel.Portable ? null : FastFormats.Visit<Avx2Dot, Kernels, PanelKernel>(format.Name, new Kernels(format));
        return fast ?? new GgufKernel(format, new ColumnSpreader(format));
    }

    private readonly struct Kernels(CodeFormat format) : IFormatVisitor<PanelKernel>
    {
        public PanelKernel Floats<TFormat>()
            where TFormat : struct, IFloatFormat => new PlainKernel<TFormat>();

        public PanelKernel Block32<TFormat>()
            where TFormat : struct, IBlock32Format => new GgufKernel(format, new Block32Spreader<TFormat>());

        public PanelKernel KQuant<TFormat>()
            where TFormat : struct, IKQuantFormat => new GgufKernel(format, new KQuantSpreader<TFormat>());

        public PanelKernel Sums<TFormat, TSum>()
            where TFormat : struct, ISumFormat
            where TSum : struct, IBlockSum =>
            new GgufKernel(format, new SumSpreader<TFormat, TSum>(format.HasIntegerCodes, ((IntegerFormat)format).SubBlock));
    }
}
