using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Quality;

/// <summary>
/// One chip, or two chips of one vocabulary, evaluated side by side on the same chunks. The base's log-probabilities pass through the
/// sixteen bits of llama.cpp's base file, so that the figures equal those of a run against a file.
/// </summary>
public sealed class ChunkComparison : IDisposable
{
    private readonly ChunkPass _base;
    private readonly ChunkPass _tested;
    private readonly int _words;
    private ushort[] _rows = [];

    /// <summary>Two arithmetics of one chip.</summary>
    public ChunkComparison(WiredChip chip, IKernelSet reference, IKernelSet tested, int context)
        : this(chip, reference, chip, tested, context) { }

    /// <summary>Two chips.</summary>
    public ChunkComparison(WiredChip baseChip, IKernelSet baseKernels, WiredChip testedChip, IKernelSet testedKernels, int context)
    {
        if (baseChip.Description.Model.VocabularySize != testedChip.Description.Model.VocabularySize)
            throw new ChipModel.Files.InputException(
                $"{testedChip.Folder}: its vocabulary has {testedChip.Description.Model.VocabularySize} tokens, "
                    + $"that of {baseChip.Folder} {baseChip.Description.Model.VocabularySize}; "
                    + "compare models of one vocabulary"
            );
        _base = new ChunkPass(baseChip, baseKernels, context);
        _tested = new ChunkPass(testedChip, testedKernels, context);
        _words = PackedLogProbabilities.Words(_base.VocabularySize);
    }

    /// <summary>Statistics of the chunks so far.</summary>
    public RunningDivergence Divergence { get; } = new();

    /// <summary>Evaluates one chunk on both.</summary>
    public void Evaluate(TextChunks text, int chunk, CancellationToken cancel = default)
    {
        if (_rows.Length < text.Scored * _words)
            _rows = new ushort[checked(text.Scored * _words)];
        _base.Evaluate(
            text,
            chunk,
            (row, logits, next) => PackedLogProbabilities.Pack(logits, next, _rows.AsSpan(row * _words, _words)),
            cancel
        );
        _tested.Evaluate(text, chunk, (row, logits, next) => Divergence.Add(logits, _rows.AsSpan(row * _words, _words), next), cancel);
    }

    /// <summary>Frees the passes; not the chips or the kernels.</summary>
    public void Dispose()
    {
        _base.Dispose();
        _tested.Dispose();
    }
}
