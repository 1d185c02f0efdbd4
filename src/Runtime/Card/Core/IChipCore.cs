using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Runtime.Card.Core;

/// <summary>
/// The functional chip behind the card: it turns tokens into tokens and says how long and how much energy that took on the chip itself,
/// without the link. The card calls it from one thread at a time. A call that observes its cancellation token throws
/// <see cref="OperationCanceledException"/> and leaves the context as it was before the call.
/// </summary>
public interface IChipCore : IDisposable
{
    /// <summary>Shape and identity of the hard-wired model; constant for the life of the core.</summary>
    CardIdentity Identity { get; }

    /// <summary>Reserves KV memory for <paramref name="maxTokens"/> positions (1 … MaxContext); returns a core-local number.</summary>
    int OpenContext(int maxTokens);

    /// <summary>Frees a context and zeroes its KV memory.</summary>
    void CloseContext(int context);

    /// <summary>
    /// Appends <paramref name="tokens"/> at <paramref name="position"/> (the context's current length). Afterwards row 0 of the logits
    /// belongs to the last token or, with <paramref name="allLogits"/>, row i to tokens[i].
    /// </summary>
    PassCost Prefill(int context, ReadOnlySpan<int> tokens, int position, bool allLogits, CancellationToken cancel);

    /// <summary>Appends <paramref name="token"/> and samples the next id from its logits (row 0).</summary>
    CoreStep Decode(int context, int token, in SamplerSettings sampler, CancellationToken cancel);

    /// <summary>
    /// Diffusion models: appends tokens that see the context and one another, or with <paramref name="causal"/> only those before them,
    /// and keeps their keys and values.
    /// </summary>
    PassCost AppendBlock(int context, ReadOnlySpan<int> tokens, bool causal, CancellationToken cancel);

    /// <summary>Diffusion models: evaluates a block behind the context and gives tokens to masked positions of
    /// <paramref name="block"/>. Nothing of it stays in the KV memory.</summary>
    BlockStep StepBlock(int context, Span<int> block, in BlockSettings settings, CancellationToken cancel);

    /// <summary>Samples an id from the last row of the latest logits; <see cref="TokenSampler.NotANumber"/> when they hold a NaN.</summary>
    int Sample(int context, in SamplerSettings sampler);

    /// <summary>Restarts the sampler of a context: the next draw is the first of its seed.</summary>
    void ResetSampler(int context);

    /// <summary>One row of the latest logits, vocabulary floats; valid until the next call.</summary>
    ReadOnlySpan<float> Logits(int context, int row);

    /// <summary>Forgets every position at or after <paramref name="position"/>.</summary>
    void TrimKv(int context, int position);
}
