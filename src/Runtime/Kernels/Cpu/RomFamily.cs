using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>The fabric's formats of any width.</summary>
internal sealed class RomFamily : CpuFamily
{
    [ModuleInitializer]
    internal static void Register() => Registry.Add<RomFormat>(static () => new RomFamily());

    public override PanelKernel Reference(CodeFormat format, SimdLevel level) => new RomFloatKernel(format);
}
