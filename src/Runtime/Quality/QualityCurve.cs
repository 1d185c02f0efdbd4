using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Quantize;
using TaalasSim.Compiler.Steps;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Runtime.Quality;

/// <summary>
/// How much a model loses as one width of the fabric's arithmetic shrinks: perplexity, KL divergence and top-1 agreement against the
/// unquantised model in reference arithmetic. The reference is evaluated once; every point is one more evaluation of the text.
/// </summary>
public sealed class QualityCurve : IDisposable
{
    private readonly WorkFolder _folder;
    private readonly string _modelPath;
    private readonly FabricSpec _fabric;
    private readonly int _threads;
    private readonly TextChunks _text;
    private readonly ushort[] _reference;
    private readonly int _words;
    private readonly Dictionary<string, WiredChip> _chips = new(StringComparer.Ordinal);

    private QualityCurve(
        WorkFolder folder,
        string modelPath,
        FabricSpec fabric,
        string text,
        string source,
        int context,
        int chunks,
        int threads,
        CancellationToken cancel
    )
    {
        _folder = folder;
        _modelPath = modelPath;
        _fabric = fabric;
        _threads = threads;
        var basis = Chip(ChooseCodeFormats.Preserve, cancel);
        var tokenizer = TextTokenizer.Create(
            TokenizerDataFile.Read(File.ReadAllBytes(Path.Combine(basis.Folder, basis.Description.Files.Tokenizer.Name)))
        );
        _text = TextChunks.Cut(tokenizer, text, context, chunks, source);
        _words = PackedLogProbabilities.Words(basis.Description.Model.VocabularySize);
        _reference = new ushort[checked(_text.Count * _text.Scored * _words)];
        using var kernels = new SimdKernels(Numerics.Reference, null, threads);
        using var pass = new ChunkPass(basis, kernels, context);
        for (var chunk = 0; chunk < _text.Count; chunk++)
        {
            var first = chunk * _text.Scored;
            pass.Evaluate(_text, chunk, (row, logits, next) => PackedLogProbabilities.Pack(logits, next, Reference(first + row)), cancel);
        }
    }

    /// <summary>Compiles a model with preserved weights and evaluates the reference.</summary>
    /// <param name="modelPath">GGUF file.</param>
    /// <param name="fabric">Fabric; its widths are those that each point leaves alone. It must hold the model with preserved
    /// weights.</param>
    /// <param name="text">Text.</param>
    /// <param name="source">Name of the text in messages.</param>
    /// <param name="context">Tokens per chunk.</param>
    /// <param name="chunks">Chunks at most; −1 for all.</param>
    /// <param name="threads">Host threads.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="ChipModel.Files.InputException">The model does not fit, or the text is too short.</exception>
    public static QualityCurve Open(
        string modelPath,
        FabricSpec fabric,
        string text,
        string source,
        int context,
        int chunks,
        int threads,
        CancellationToken cancel = default
    )
    {
        var folder = WorkFolder.Create();
        try
        {
            return new QualityCurve(folder, modelPath, fabric, text, source, context, chunks, threads, cancel);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Widths worth a point on each axis, widest first.</summary>
    public static IReadOnlyList<int> Widths(QualityAxis axis) =>
        axis switch
        {
            QualityAxis.ActivationBits => [16, 12, 10, 8, 7, 6, 5, 4],
            QualityAxis.KvBits => [16, 8, 4],
            QualityAxis.AccumulatorBits => [32, 28, 24, 22, 20, 18, 16],
            _ => [8, 6, 5, 4, 3, 2],
        };

    /// <summary>Measures one axis.</summary>
    /// <param name="axis">What to vary.</param>
    /// <param name="widths">Widths.</param>
    /// <param name="weights">Stored weights on the axes that do not vary them: <c>preserve</c> or a code format.</param>
    /// <param name="progress">Points done.</param>
    /// <param name="cancel">Cancels.</param>
    public IReadOnlyList<QualityPoint> Measure(
        QualityAxis axis,
        IReadOnlyList<int> widths,
        string weights = ChooseCodeFormats.Preserve,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    )
    {
        var points = new List<QualityPoint>(widths.Count);
        var fabric = HardwareNumerics.Of(_fabric);
        foreach (var bits in widths)
        {
            var numerics = axis switch
            {
                QualityAxis.ActivationBits => fabric with { ActivationBits = bits },
                QualityAxis.KvBits => fabric with { KvBits = bits },
                QualityAxis.AccumulatorBits => fabric with { AccumulatorBits = bits },
                _ => fabric,
            };
            var chip = Chip(axis == QualityAxis.WeightBits ? $"rom{bits}" : weights, cancel);
            points.Add(new QualityPoint(axis, bits, Evaluate(chip, numerics, cancel)));
            progress?.Report((double)points.Count / widths.Count);
        }

        return points;
    }

    /// <summary>Closes the images and removes them.</summary>
    public void Dispose()
    {
        foreach (var chip in _chips.Values)
            chip.Dispose();
        _chips.Clear();
        _folder.Dispose();
    }

    private DivergenceRow Evaluate(WiredChip chip, HardwareNumerics numerics, CancellationToken cancel)
    {
        using var kernels = new SimdKernels(Numerics.Hardware, numerics, _threads);
        using var pass = new ChunkPass(chip, kernels, _text.Context);
        var divergence = new RunningDivergence();
        for (var chunk = 0; chunk < _text.Count; chunk++)
        {
            var first = chunk * _text.Scored;
            pass.Evaluate(_text, chunk, (row, logits, next) => divergence.Add(logits, Reference(first + row), next), cancel);
        }

        var row = divergence.Row;
        return double.IsFinite(row.Perplexity.Value) && double.IsFinite(row.Divergence.Value)
            ? row
            : throw new DriverException(StatusCode.NotANumber, "the logits give no perplexity");
    }

    private Span<ushort> Reference(int position) => _reference.AsSpan(position * _words, _words);

    private WiredChip Chip(string weights, CancellationToken cancel)
    {
        if (_chips.TryGetValue(weights, out var chip))
            return chip;
        var folder = Path.Combine(_folder.Path, weights);
        var fit = CompileModel.ToImage(
            _modelPath,
            folder,
            new CompileOptions
            {
                Fabric = _fabric,
                Weights = weights,
                Compiler = "quality curve",
            },
            null,
            cancel
        );
        if (!fit.Fits)
            throw new ChipModel.Files.InputException(
                $"{_modelPath}: does not fit {_fabric.Name} with --weights {weights} "
                    + $"({fit.Binding.Name} at {fit.Binding.Share * 100:0} %); "
                    + "use more dies or a larger fabric"
            );
        chip = WiredChip.Open(folder, cancel);
        _chips.Add(weights, chip);
        return chip;
    }
}
