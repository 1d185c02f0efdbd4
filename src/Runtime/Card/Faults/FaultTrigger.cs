namespace TaalasSim.Runtime.Card.Faults;

/// <summary>When an armed fault strikes.</summary>
public enum FaultTrigger
{
    /// <summary>At the nth opportunity after arming; 0 is the next one.</summary>
    Nth = 0,

    /// <summary>At the first opportunity that concerns this cid.</summary>
    Cid = 1,

    /// <summary>At the first opportunity at or after this time, ns.</summary>
    Time = 2,
}
