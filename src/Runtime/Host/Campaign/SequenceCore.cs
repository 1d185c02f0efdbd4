using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Runtime.Host.Campaign;

/// <summary>
/// A core without a model. Its next token follows from every token of the context and its place, so that a lost, doubled or misplaced token
/// changes all that come after it.
/// </summary>
internal sealed class SequenceCore : IChipCore
{
    /// <summary>Tokens that there are.</summary>
    public const int Vocabulary = 1000;

    /// <summary>Largest context.</summary>
    public const int MaxContext = 512;

    /// <summary>Contexts at once.</summary>
    public const int MaxContexts = 8;

    // Times of the order of a chip's; nothing is concluded from them.
    private const double DecodeNs = 59_000;
    private const double PrefillNs = 1_000;

    private readonly Dictionary<int, List<int>> _contexts = [];
    private readonly Dictionary<int, int> _rows = [];
    private int _last;

    /// <inheritdoc/>
    public CardIdentity Identity { get; } =
        new()
        {
            Layers = 2,
            Heads = 4,
            EmbeddingWidth = 64,
            Vocabulary = Vocabulary,
            MaxContext = MaxContext,
            KvBytesPerToken = 256,
            MaxContexts = MaxContexts,
            Model = new Guid("5e90e1ce-0000-4000-8000-000000000001"),
            Mask = new Guid("5e90e1ce-0000-4000-8000-000000000002"),
        };

    /// <summary>Contexts that are open.</summary>
    public int OpenContexts => _contexts.Count;

    /// <summary>The token that follows some tokens.</summary>
    public static int Next(IReadOnlyList<int> tokens)
    {
        // A polynomial hash modulo a prime above the vocabulary.
        var sum = 7L;
        for (var i = 0; i < tokens.Count; i++)
            sum = ((sum * 31) + (tokens[i] * (i + 1L))) % 1_000_003;
        return (int)(sum % Vocabulary);
    }

    /// <summary>What a card without faults answers to a prompt.</summary>
    public static int[] Answer(IReadOnlyList<int> prompt, int count)
    {
        var tokens = prompt.ToList();
        for (var i = 0; i < count; i++)
            tokens.Add(Next(tokens));
        return [.. tokens.Skip(prompt.Count)];
    }

    /// <inheritdoc/>
    public int OpenContext(int maxTokens)
    {
        _contexts.Add(++_last, []);
        return _last;
    }

    /// <inheritdoc/>
    public void CloseContext(int context) => _contexts.Remove(context);

    /// <inheritdoc/>
    public PassCost Prefill(int context, ReadOnlySpan<int> tokens, int position, bool allLogits, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        _contexts[context].AddRange(tokens);
        _rows[context] = allLogits ? tokens.Length : 1;
        return new PassCost(PrefillNs * tokens.Length, PrefillNs * tokens.Length, 1e-3 * tokens.Length);
    }

    /// <inheritdoc/>
    public CoreStep Decode(int context, int token, in SamplerSettings sampler, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        _contexts[context].Add(token);
        _rows[context] = 1;
        return new CoreStep(Next(_contexts[context]), new PassCost(DecodeNs, DecodeNs / 10, 1e-3));
    }

    /// <inheritdoc/>
    public PassCost AppendBlock(int context, ReadOnlySpan<int> tokens, bool causal, CancellationToken cancel) =>
        throw new NotSupportedException("a campaign has no diffusion model");

    /// <inheritdoc/>
    public BlockStep StepBlock(int context, Span<int> block, in BlockSettings settings, CancellationToken cancel) =>
        throw new NotSupportedException("a campaign has no diffusion model");

    /// <inheritdoc/>
    public int Sample(int context, in SamplerSettings sampler) => Next(_contexts[context]);

    /// <inheritdoc/>
    public void ResetSampler(int context) { }

    /// <summary>A row has one at the next token and zero elsewhere.</summary>
    public ReadOnlySpan<float> Logits(int context, int row)
    {
        var logits = new float[Vocabulary];
        logits[Next(_contexts[context][..^(_rows[context] - 1 - row)])] = 1;
        return logits;
    }

    /// <inheritdoc/>
    public void TrimKv(int context, int position) => _contexts[context].RemoveRange(position, _contexts[context].Count - position);

    /// <inheritdoc/>
    public void Dispose() { }
}
