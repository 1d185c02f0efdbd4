using System.Numerics;
using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Runtime.Engine;

/// <summary>The pieces that a resource of the schedule stands for: banks of a port, nodes of its reduction trees, KV banks and links of a
/// region.</summary>
public sealed class BankGranularity
{
    private readonly PortPieces[] _ports;

    /// <summary>Pieces of a chip.</summary>
    public BankGranularity(ChipPlan plan)
    {
        var fabric = plan.Fabric;
        _ports = new PortPieces[plan.Matrices.Max(p => p.Id) + 1];
        foreach (var port in plan.Matrices.Where(p => p.Banks > 0))
        {
            _ports[port.Id] = new PortPieces
            {
                FirstBank = Banks,
                InputSegments = port.InputSegments,
                OutputSegments = port.OutputSegments,
                Way = (int)Math.Ceiling(port.Hops * fabric.Network.CyclesPerHop),
                LevelCycles = fabric.Network.ReductionCyclesPerLevel,
                Levels = port.ReductionLevels,
            };
            Banks += port.InputSegments * port.OutputSegments;
        }

        Way = new int[Banks];
        foreach (var port in plan.Matrices.Where(p => p.Banks > 0))
        {
            // Banks of a port fill its sites outwards: the way grows with the square root of the area passed, up to the port's farthest
            // bank.
            ref readonly var pieces = ref _ports[port.Id];
            for (var b = 0; b < pieces.Banks; b++)
                Way[pieces.FirstBank + b] = (int)
                    Math.Ceiling(Math.Ceiling(port.Hops * Math.Sqrt((b + 1.0) / pieces.Banks)) * fabric.Network.CyclesPerHop);
        }

        PipelineCycles = fabric.Bank.PipelineCycles;
        var regions = Math.Max(1, Math.Min(fabric.Vector.Clusters, plan.Model.Layers));
        KvBanksPerRegion = Math.Max(1, fabric.KvSram.Banks / regions);
        LinksPerRegion = fabric.Network.VectorLinks * fabric.Vector.Clusters / regions;
    }

    /// <summary>Banks of all ports.</summary>
    public int Banks { get; }

    internal int[] Way { get; }

    internal int PipelineCycles { get; }

    internal int KvBanksPerRegion { get; }

    internal int LinksPerRegion { get; }

    internal ref readonly PortPieces Port(int port) => ref _ports[port];

    internal readonly struct PortPieces
    {
        public int FirstBank { get; init; }

        public int InputSegments { get; init; }

        public int OutputSegments { get; init; }

        public int Way { get; init; }

        public int Levels { get; init; }

        public int LevelCycles { get; init; }

        public int Banks => InputSegments * OutputSegments;

        /// <summary>Level at which a bank of a segment hands its sums on: that of its lowest set bit (binomial tree).</summary>
        public static int LevelOf(int bank) => BitOperations.TrailingZeroCount(bank);
    }
}
