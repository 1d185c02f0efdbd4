using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Engine;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Card.Core;

/// <summary>
/// The chip behind the card: the functional pass computes the tokens from the masks, the timing model says what each pass costs on the
/// fabric.
/// </summary>
public sealed class SimulatedCore : IChipCore
{
    private readonly ForwardPass _pass;
    private readonly IPassTiming _timing;
    private readonly Dictionary<int, Context> _contexts = [];
    private readonly int _maximumContext;
    private int _nextContext = 1;

    /// <summary>Puts a chip to work.</summary>
    /// <param name="chip">Opened image; stays the caller's.</param>
    /// <param name="kernels">Backend; stays the caller's.</param>
    /// <param name="timing">Cost of a pass on the fabric.</param>
    /// <param name="context">Context length of the run, tokens.</param>
    /// <param name="held">Context by which rope factors are chosen; 0: as it is.</param>
    public SimulatedCore(WiredChip chip, IKernelSet kernels, IPassTiming timing, int context, int held = 0)
    {
        _timing = timing;
        _maximumContext = context;
        _pass = new ForwardPass(chip, kernels, ForwardPass.PromptBatch(chip.Description.Model, context), context, held);
        var d = chip.Description;
        Identity = new CardIdentity
        {
            Layers = d.Model.Layers,
            Heads = d.Model.Heads,
            EmbeddingWidth = d.Model.EmbeddingLength,
            Vocabulary = d.Model.VocabularySize,
            MaxContext = context,
            KvBytesPerToken = (int)Math.Min(int.MaxValue, d.Resources.KvBytesPerToken),
            MaxContexts = d.Fabric.Card.UserSlots,
            Model = CardIdentity.ModelId(d.Source.Sha256),
            Mask = CardIdentity.MaskId(d.Files.Weights.Sha256, d.Files.Dataflow.Sha256),
        };
    }

    /// <inheritdoc/>
    public CardIdentity Identity { get; }

    /// <inheritdoc/>
    public int OpenContext(int maxTokens)
    {
        if (maxTokens < 1 || maxTokens > _maximumContext)
            throw new InputException($"context of {maxTokens} tokens: the chip holds 1…{_maximumContext}");
        _contexts.Add(_nextContext, new Context(_pass.NewSequence(maxTokens), new float[_pass.VocabularySize]));
        return _nextContext++;
    }

    /// <inheritdoc/>
    public void CloseContext(int context)
    {
        _contexts[context].Sequence.Dispose();
        _contexts.Remove(context);
    }

    /// <inheritdoc/>
    public PassCost Prefill(int context, ReadOnlySpan<int> tokens, int position, bool allLogits, CancellationToken cancel) =>
        Evaluate(context, tokens, position, allLogits, cancel);

    /// <inheritdoc/>
    public CoreStep Decode(int context, int token, in SamplerSettings sampler, CancellationToken cancel)
    {
        var cost = Evaluate(context, [token], _contexts[context].Sequence.Length, allLogits: false, cancel);
        return new CoreStep(Sample(context, sampler), cost);
    }

    /// <inheritdoc/>
    public int Sample(int context, in SamplerSettings sampler)
    {
        var c = _contexts[context];
        c.Sampler ??= new TokenSampler((uint)sampler.Seed);
        return c.Sampler.Sample(
            c.Logits.AsSpan(c.Logits.Length - _pass.VocabularySize),
            sampler,
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(c.Tokens)
        );
    }

    /// <inheritdoc/>
    public void ResetSampler(int context) => _contexts[context].Sampler = null;

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits(int context, int row) =>
        _contexts[context].Logits.AsSpan(row * _pass.VocabularySize, _pass.VocabularySize);

    /// <inheritdoc/>
    public void TrimKv(int context, int position)
    {
        var c = _contexts[context];
        c.Sequence.Trim(position);
        c.Tokens.RemoveRange(position, c.Tokens.Count - position);
    }

    /// <summary>Frees every context; not the chip or the kernels.</summary>
    public void Dispose()
    {
        foreach (var context in _contexts.Values)
            context.Sequence.Dispose();
        _contexts.Clear();
        _pass.Dispose();
    }

    private PassCost Evaluate(int context, ReadOnlySpan<int> tokens, int position, bool allLogits, CancellationToken cancel)
    {
        var c = _contexts[context];
        var rows = allLogits ? tokens.Length : 1;
        if (c.Logits.Length != rows * _pass.VocabularySize)
            c.Logits = new float[rows * _pass.VocabularySize];
        var length = c.Sequence.Length;
        try
        {
            _pass.Evaluate(c.Sequence, tokens, c.Logits, cancel);
        }
        catch (OperationCanceledException)
        {
            c.Sequence.Trim(length);
            throw;
        }

        c.Tokens.AddRange(tokens);
        return _timing.CostOf(position, tokens.Length);
    }

    private sealed class Context(Sequence sequence, float[] logits)
    {
        public Sequence Sequence { get; } = sequence;

        public float[] Logits { get; set; } = logits;

        public List<int> Tokens { get; } = [];

        public TokenSampler? Sampler { get; set; }
    }
}
