using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Runtime.Card.Core;

/// <summary>One step of a block.</summary>
/// <param name="Revealed">Positions that got their token; null when a logit is NaN.</param>
/// <param name="Cost">What the pass cost.</param>
public readonly record struct BlockStep(IReadOnlyList<Reveal>? Revealed, PassCost Cost);
