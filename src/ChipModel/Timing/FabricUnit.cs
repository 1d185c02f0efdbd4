namespace TaalasSim.ChipModel.Timing;

/// <summary>Kind of fabric resource that a phase occupies.</summary>
public enum FabricUnit
{
    /// <summary>The ROM banks of one port; index: port.</summary>
    Bank,

    /// <summary>The reduction tree between the banks of one port; index: port.</summary>
    Reduction,

    /// <summary>Links that join one vector cluster to its region; index: region over all dies.</summary>
    Network,

    /// <summary>Vector lanes of one region; index: region over all dies.</summary>
    Vector,

    /// <summary>KV SRAM ports of one region; index: region over all dies.</summary>
    KvSram,

    /// <summary>Sampler tree of the last die; index: die.</summary>
    Sampler,

    /// <summary>Link from one die to the next; index: die it leaves.</summary>
    DieLink,
}
