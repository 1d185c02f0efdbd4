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
    private readonly bool _shift;
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
        _shift = chip.Description.Traits.ShiftLogits;
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
            MaskToken = d.Model.Causal ? -1 : d.Traits.MaskToken,
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
        var cost = Evaluate(context, [token], _contexts[context].Sequence.Length + _contexts[context].Again, allLogits: false, cancel);
        return new CoreStep(Sample(context, sampler), cost);
    }

    /// <inheritdoc/>
    public PassCost AppendBlock(int context, ReadOnlySpan<int> tokens, bool causal, CancellationToken cancel)
    {
        var c = _contexts[context];
        var position = c.Sequence.Length;
        var visible = new int[tokens.Length];
        for (var i = 0; i < visible.Length; i++)
            visible[i] = position + (causal ? i + 1 : visible.Length);
        var last = new float[_pass.VocabularySize];
        _pass.EvaluateBlock(c.Sequence, tokens, visible, _shift ? last : default, append: true, cancel);
        c.LastRow = last;
        c.Tokens.AddRange(tokens);
        return causal ? _timing.CostOf(position, tokens.Length) : _timing.CostOfCanvas(position, tokens.Length);
    }

    /// <inheritdoc/>
    public BlockStep StepBlock(int context, Span<int> block, in BlockSettings settings, CancellationToken cancel)
    {
        var c = _contexts[context];
        var vocabulary = _pass.VocabularySize;
        var visible = new int[block.Length];
        Array.Fill(visible, c.Sequence.Length + block.Length);
        // Behind a first row: with shifted logits that of a position is the one before, which for the first was kept.
        if (c.BlockRows.Length != (block.Length + 1) * vocabulary)
            c.BlockRows = new float[(block.Length + 1) * vocabulary];
        _pass.EvaluateBlock(c.Sequence, block, visible, c.BlockRows.AsSpan(vocabulary), append: false, cancel);
        if (_shift)
            c.LastRow.CopyTo(c.BlockRows, 0);
        c.Unmasker ??= new BlockUnmasker(Identity.MaskToken, (uint)settings.Seed);
        var rows = c.BlockRows.AsSpan(_shift ? 0 : vocabulary, block.Length * vocabulary);
        return new BlockStep(c.Unmasker.Step(block, rows, settings), _timing.CostOfCanvas(c.Sequence.Length, block.Length));
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
    public void ResetSampler(int context)
    {
        _contexts[context].Sampler = null;
        _contexts[context].Unmasker = null;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits(int context, int row) =>
        _contexts[context].Logits.AsSpan(row * _pass.VocabularySize, _pass.VocabularySize);

    /// <inheritdoc/>
    public void TrimKv(int context, int position)
    {
        var c = _contexts[context];
        // A whole canvas leaves no keys and values.
        Forget(c, Math.Min(position, c.Sequence.Length + c.Again));
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
        var (again, length) = (c.Again, c.Sequence.Length + c.Again);
        try
        {
            Repeat(c, cancel);
            _pass.Evaluate(c.Sequence, tokens, c.Logits, cancel);
        }
        catch (OperationCanceledException)
        {
            Forget(c, length, interrupted: true);
            throw;
        }

        c.Tokens.AddRange(tokens);
        if (again > 0)
            return _timing.CostOf(0, again + tokens.Length);
        return Identity.MaskToken >= 0 ? _timing.CostOfCanvas(0, tokens.Length) : _timing.CostOf(position, tokens.Length);
    }

    // The state of layers without attention is known for the present alone: what came before is computed again with the next tokens.
    private static void Forget(Context c, int position, bool interrupted = false)
    {
        if (c.Again == 0 && !(interrupted && c.Sequence.IsRecurrent) && c.Sequence.CanTrim(position))
        {
            c.Sequence.Trim(position);
            return;
        }

        c.Sequence.Trim(0);
        c.Again = position;
    }

    private void Repeat(Context c, CancellationToken cancel)
    {
        if (c.Again == 0)
            return;
        _pass.Evaluate(c.Sequence, c.Tokens.GetRange(0, c.Again).ToArray(), new float[_pass.VocabularySize], cancel);
        c.Again = 0;
    }

    private sealed class Context(Sequence sequence, float[] logits)
    {
        public Sequence Sequence { get; } = sequence;

        public float[] Logits { get; set; } = logits;

        public List<int> Tokens { get; } = [];

        /// <summary>Leading tokens that are computed again before the next ones.</summary>
        public int Again { get; set; }

        public TokenSampler? Sampler { get; set; }

        public BlockUnmasker? Unmasker { get; set; }

        /// <summary>Logits of the last appended token of a model with shifted logits.</summary>
        public float[] LastRow { get; set; } = [];

        public float[] BlockRows { get; set; } = [];
    }
}
