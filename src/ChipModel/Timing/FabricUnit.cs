namespace TaalasSim.ChipModel.Timing;

/// <summary>Kind of fabric resource that a phase occupies.</summary>
public enum FabricUnit
{
    /// <summary>The ROM banks of one matrix; index: matrix.</summary>
    Bank,

    /// <summary>The reduction tree between the banks of one matrix; index: matrix.</summary>
    Reduction,

    /// <summary>Links that join one vector cluster to its region; index: region over all dies.</summary>
    Network,

    /// <summary>Vector lanes of one region; index: region over all dies.</summary>
    Vector,

    /// <summary>KV SRAM ports of one region; index: region over all dies.</summary>
    KvSram,

    /// <summary>Sampler tree of the last die; index: die.</summary>
    Sampler,

    /// <summary>Link of one die inside its package; index: die it leaves (with tensor partition the first die of the group).</summary>
    DieLink,

    /// <summary>Link of one die to other packages; index as before. It does not follow the clock: its cycles are those of the nominal
    /// clock.</summary>
    PackageLink,

    /// <summary>HBM stacks of one die. Known to the closed form alone: what is read depends on how many users there are.</summary>
    Hbm,
}
