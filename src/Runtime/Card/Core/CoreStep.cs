namespace TaalasSim.Runtime.Card.Core;

/// <summary>One decoded token: the sampled id and what the pass cost.</summary>
public readonly record struct CoreStep(int Token, CoreTiming Timing)
{
    /// <summary>In place of an id: the logits hold a NaN, so nothing was sampled.</summary>
    public const int NotANumber = -1;
}
