using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Runtime.Tests.Card;

/// <summary>A core whose next token depends on everything in the context, so that a lost, doubled or misplaced token shows.</summary>
internal sealed class FakeCore : IChipCore
{
    public const int Vocabulary = 1000;
    public const int DecodeNs = 59_000;
    public const int PrefillNsPerToken = 1_000;
    private readonly Dictionary<int, List<int>> _contexts = [];
    private readonly Dictionary<int, int> _rows = [];
    private int _next;

    public CardIdentity Identity { get; init; } =
        new()
        {
            Layers = 2,
            Heads = 4,
            EmbeddingWidth = 64,
            Vocabulary = Vocabulary,
            MaxContext = 512,
            KvBytesPerToken = 256,
            MaxContexts = 4,
            Model = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
            Mask = new Guid("0f0e0d0c-0b0a-0908-0706-050403020100"),
        };

    public int OpenContexts => _contexts.Count;

    /// <summary>Called at the start of each decode.</summary>
    public Action? OnDecode { get; set; }

    public static int Next(IReadOnlyList<int> tokens)
    {
        var sum = 7L;
        for (var i = 0; i < tokens.Count; i++)
            sum = (sum * 31 + tokens[i] * (i + 1)) % 1_000_003;
        return (int)(sum % Vocabulary);
    }

    /// <summary>What a correct card produces.</summary>
    public static int[] Expected(IEnumerable<int> prompt, int count)
    {
        var tokens = prompt.ToList();
        var start = tokens.Count;
        for (var i = 0; i < count; i++)
            tokens.Add(Next(tokens));
        return [.. tokens.Skip(start)];
    }

    public int OpenContext(int maxTokens)
    {
        _contexts.Add(++_next, []);
        return _next;
    }

    public void CloseContext(int context)
    {
        if (!_contexts.Remove(context))
            throw new InvalidOperationException("closed twice");
    }

    public PassCost Prefill(int context, ReadOnlySpan<int> tokens, int position, bool allLogits, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (_contexts[context].Count != position)
            throw new InvalidOperationException("position");
        _contexts[context].AddRange(tokens);
        _rows[context] = allLogits ? tokens.Length : 1;
        var ns = (double)PrefillNsPerToken * tokens.Length;
        return new PassCost(ns, ns, 1e-3 * tokens.Length);
    }

    public CoreStep Decode(int context, int token, in SamplerSettings sampler, CancellationToken cancel)
    {
        OnDecode?.Invoke();
        cancel.ThrowIfCancellationRequested();
        _contexts[context].Add(token);
        _rows[context] = 1;
        return new CoreStep(Next(_contexts[context]), new PassCost(DecodeNs, DecodeNs / 10.0, 1e-3));
    }

    public PassCost AppendBlock(int context, ReadOnlySpan<int> tokens, bool causal, CancellationToken cancel) =>
        Prefill(context, tokens, _contexts[context].Count, allLogits: false, cancel);

    /// <summary>Reveals the first masked position of the block.</summary>
    public BlockStep StepBlock(int context, Span<int> block, in BlockSettings settings, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var at = block.IndexOf(Identity.MaskToken);
        block[at] = Next([.. _contexts[context], .. block[..at].ToArray()]);
        return new BlockStep([new Reveal(at, block[at], 0.5f)], new PassCost(DecodeNs, DecodeNs / 10.0, 1e-3));
    }

    public int Sample(int context, in SamplerSettings sampler) => Next(_contexts[context]);

    public ReadOnlySpan<float> Logits(int context, int row)
    {
        var logits = new float[Vocabulary];
        logits[Next(_contexts[context][..^(_rows[context] - 1 - row)])] = 1;
        return logits;
    }

    public void ResetSampler(int context) { }

    public void TrimKv(int context, int position) => _contexts[context].RemoveRange(position, _contexts[context].Count - position);

    public void Dispose() { }
}
