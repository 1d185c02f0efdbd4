using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Graph;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>A chip as it was written in Verilog.</summary>
public sealed record ChipRtl
{
    /// <summary>Modules of the banks that a chip uses.</summary>
    internal static IReadOnlyList<string> DesignFiles { get; } =
    [.. RtlModules.Design.Select(d => d.File).Where(f => f != "matrix_port.v")];

    public required ChipPlan Plan { get; init; }

    public required TokenSchedule Schedule { get; init; }

    public required ModelGraph Graph { get; init; }

    public required ChipRtlConfig Config { get; init; }

    public required ChipProgram Program { get; init; }

    /// <summary>Straps of every site.</summary>
    public required IReadOnlyList<SiteStraps> Straps { get; init; }

    /// <summary>Verilog files, lowest module first, the top last.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. DesignFiles, .. RtlModules.Chip.Select(c => c.File), ExportChip.Top + ".v"];

    /// <summary>Ports whose sums come to a region, in the order of its streams.</summary>
    public IEnumerable<(MatrixPlan Port, int OutputSegment)> Streams(int region) =>
        from instruction in Program.Instructions
        where instruction.Region == region
        from id in instruction.Ports
        let port = Plan.Matrices[id]
        from o in Enumerable.Range(0, port.OutputSegments)
        select (port, o);

    /// <summary>Registers on a port's way to its farthest bank.</summary>
    public int HopCycles(MatrixPlan port) => ChipRtlConfig.HopCycles(Plan, port.Hops);
}
