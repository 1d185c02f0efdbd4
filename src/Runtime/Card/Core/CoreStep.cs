using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Runtime.Card.Core;

/// <summary>One decoded token.</summary>
/// <param name="Token">The sampled id, or <see cref="TokenSampler.NotANumber"/>.</param>
/// <param name="Cost">What the pass cost.</param>
public readonly record struct CoreStep(int Token, PassCost Cost);
