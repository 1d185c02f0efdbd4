namespace TaalasSim.Runtime.Engine;

/// <summary>What a token does with a cycle on its way.</summary>
public enum PathPartKind
{
    /// <summary>The slowest resource of the phase serves the token; unit: that resource's.</summary>
    Working,

    /// <summary>Pipelines, wires and trees fill and drain; unit: the phase's.</summary>
    Filling,

    /// <summary>Another token holds a resource; unit: that of the resource which served the phase last.</summary>
    Waiting,

    /// <summary>It is not its turn: tokens enter a stage an initiation interval apart and in the order of the prompt.</summary>
    Ordering,

    /// <summary>The next stage has no room for the token.</summary>
    Credit,
}
