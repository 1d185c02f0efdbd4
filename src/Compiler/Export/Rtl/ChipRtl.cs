using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Graph;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>A chip as it was written in Verilog.</summary>
public sealed record ChipRtl
{
    /// <summary>The model on the fabric.</summary>
    public required ChipPlan Plan { get; init; }

    /// <summary>Phases of a token in closed form, whose cycles the Verilog has to take.</summary>
    public required TokenSchedule Schedule { get; init; }

    /// <summary>Operators of the model.</summary>
    public required ModelGraph Graph { get; init; }

    /// <summary>Widths and depths that the modules are parameterised with.</summary>
    public required ChipRtlConfig Config { get; init; }

    /// <summary>Instructions of the sequencer and steps of the vector model.</summary>
    public required ChipProgram Program { get; init; }

    /// <summary>Straps of every site.</summary>
    public required IReadOnlyList<SiteStraps> Straps { get; init; }

    /// <summary>Words of 32 bits in one beat of the residual stream.</summary>
    public int ForwardWords => Config.Links * Plan.Fabric.Network.LinkBits / 32;

    /// <summary>The matrix that holds the token embedding: its own, or the output matrix when both are one.</summary>
    public MatrixPlan Embedding =>
        Plan.Matrices.FirstOrDefault(p => p.Role == MatrixRole.Embedding) ?? Plan.Matrices.First(p => p.Role == MatrixRole.Output);

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
