using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;
using TaalasSim.Compiler.Quantize;
using TaalasSim.Compiler.Steps;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Runtime.Quality;

/// <summary>
/// Runs a model over a calibration text in reference arithmetic. The unquantised model is stored in a temporary chip image with preserved
/// weights; single matrices are exchanged for encoded ones in memory. Same model, same text, same figures at any number of threads.
/// </summary>
public sealed class CalibrationRun : ICalibrationRun, IDisposable
{
    private const int LongestChunk = 256;
    private const int MostChunks = 4;
    private const long LogProbabilitiesHeld = 1L << 26;

    private readonly WorkFolder _folder;
    private readonly ImportedModel _model;
    private readonly WiredChip _chip;
    private readonly SimdKernels _kernels;
    private readonly TextChunks _text;
    private readonly float[] _reference;
    private readonly Dictionary<string, MatrixUse> _matrices;

    private CalibrationRun(
        WorkFolder folder,
        ImportedModel model,
        WiredChip chip,
        string text,
        string source,
        int threads,
        CancellationToken cancel
    )
    {
        _folder = folder;
        _model = model;
        _chip = chip;
        var tokenizer = TextTokenizer.Create(
            TokenizerDataFile.Read(File.ReadAllBytes(Path.Combine(folder.Path, "model.chip", chip.Description.Files.Tokenizer.Name)))
        );
        _text = Cut(tokenizer, text, source, chip.Description.Model.ContextLength, chip.Description.Model.VocabularySize);
        _kernels = new SimdKernels(Numerics.Reference, null, threads);
        _matrices = MatrixList.Matrices(model.Graph).ToDictionary(m => m.PortName, StringComparer.Ordinal);
        var v = chip.Description.Model.VocabularySize;
        _reference = new float[checked(_text.Count * _text.Scored * v)];
        using var recorder = new CalibrationKernels(_kernels, m => m, record: true);
        using var pass = new ChunkPass(chip, recorder, _text.Context);
        for (var chunk = 0; chunk < _text.Count; chunk++)
        {
            var at = chunk * _text.Scored;
            pass.Evaluate(_text, chunk, (row, logits, _) => LogSoftmax(logits, _reference.AsSpan((at + row) * v, v)), cancel);
        }

        InputPower = _matrices
            .Keys.Select(port => (Port: port, Power: recorder.MeanSquares(chip.Matrix(port))))
            .Where(p => p.Power is not null)
            .ToDictionary(p => p.Port, p => p.Power!, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> InputPower { get; private set; }

    /// <summary>Takes the mean squared activations from an importance matrix where it knows a matrix, in place of those of the
    /// text.</summary>
    /// <exception cref="InputException">It was made for another model.</exception>
    public void Weigh(ImportanceMatrix importance)
    {
        var power = new Dictionary<string, float[]>(InputPower, StringComparer.Ordinal);
        var known = 0;
        foreach (var (port, matrix) in _matrices.Where(m => !m.Value.Role.IsRead()))
        {
            var values = importance.Of(matrix.Tensor, matrix.Inputs, Math.Max(0, matrix.Expert), matrix.Slices);
            if (values.IsEmpty)
                continue;
            power[port] = values.ToArray();
            known++;
        }

        if (known == 0)
            throw new InputException(
                $"{importance.Path}: none of its {importance.Matrices.Count} entries is a matrix of {_model.File.Path}; it was made "
                    + "for another model"
            );
        InputPower = power;
    }

    /// <summary>Positions that divergences are averaged over.</summary>
    public int Positions => _text.Count * _text.Scored;

    /// <summary>Opens a model and runs it once.</summary>
    /// <param name="modelPath">GGUF file.</param>
    /// <param name="fabric">Fabric; it is made as large as the unquantised model needs.</param>
    /// <param name="text">Calibration text.</param>
    /// <param name="source">Name of the text in messages.</param>
    /// <param name="threads">Host threads.</param>
    /// <param name="merge">Adapters to merge into the weights.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">The text is too short, or the model does not predict next tokens.</exception>
    public static CalibrationRun Open(
        string modelPath,
        FabricSpec fabric,
        string text,
        string source,
        int threads,
        IReadOnlyList<AdapterFile>? merge = null,
        CancellationToken cancel = default
    )
    {
        var work = WorkFolder.Create();
        var folder = Path.Combine(work.Path, "model.chip");
        ImportedModel? model = null;
        WiredChip? chip = null;
        try
        {
            model = ImportedModel.Open(modelPath, merge);
            if (!model.Graph.Shape.Causal)
                throw new InputException(
                    $"{modelPath}: weights are chosen by how the next token's probabilities change, "
                        + "which a diffusion model does not have; name a code format"
                );
            CompileModel.ToImage(
                modelPath,
                folder,
                new CompileOptions
                {
                    Fabric = Enlarged(fabric, model),
                    Weights = ChooseCodeFormats.Preserve,
                    Context = 1,
                    Merge = merge ?? [],
                    Compiler = "calibration",
                },
                null,
                cancel
            );
            chip = WiredChip.Open(folder, cancel);
            return new CalibrationRun(work, model, chip, text, source, threads, cancel);
        }
        catch
        {
            chip?.Dispose();
            model?.Dispose();
            work.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public double Divergence(IReadOnlyDictionary<string, CodeFormat> formats, CancellationToken cancel)
    {
        var exchanged = new Dictionary<BankedMatrix, RomMatrix>(ReferenceEqualityComparer.Instance);
        try
        {
            foreach (var (port, format) in formats)
            {
                cancel.ThrowIfCancellationRequested();
                var matrix = _matrices[port];
                exchanged.Add(_chip.Matrix(port), new RomMatrix(_model, matrix, format, InputPower.GetValueOrDefault(port)));
            }

            using var kernels = new CalibrationKernels(
                _kernels,
                m => exchanged.TryGetValue(m, out var other) ? other.View : m,
                record: false
            );
            using var pass = new ChunkPass(_chip, kernels, _text.Context);
            var v = pass.VocabularySize;
            var q = new float[v];
            double sum = 0;
            for (var chunk = 0; chunk < _text.Count; chunk++)
            {
                var at = chunk * _text.Scored;
                pass.Evaluate(
                    _text,
                    chunk,
                    (row, logits, _) =>
                    {
                        LogSoftmax(logits, q);
                        sum += Divergence(_reference.AsSpan((at + row) * v, v), q);
                    },
                    cancel
                );
            }

            return sum / Positions;
        }
        finally
        {
            foreach (var matrix in exchanged.Values)
                matrix.Dispose();
        }
    }

    /// <summary>Closes the model and removes the temporary image.</summary>
    public void Dispose()
    {
        _kernels.Dispose();
        _chip.Dispose();
        _model.Dispose();
        _folder.Dispose();
    }

    // Any format must find a bank and every bank a site: the text is read by the model, not by the product.
    private static FabricSpec Enlarged(FabricSpec fabric, ImportedModel model)
    {
        var wide = fabric with
        {
            Bank = fabric.Bank with { Rows = Math.Max(256, fabric.Bank.Rows / 256 * 256), RomBitsPerWeight = 64 },
            KvSram = fabric.KvSram with { CapacityMb = 1e6 },
            Card = fabric.Card with { MaximumContext = Math.Max(LongestChunk, fabric.Card.MaximumContext) },
        };
        long banks = 0;
        foreach (var m in MatrixList.Matrices(model.Graph))
            banks += (long)((m.Inputs + wide.Bank.Rows - 1) / wide.Bank.Rows) * ((m.Outputs + wide.Bank.Columns - 1) / wide.Bank.Columns);
        // Layers are not torn over dies, so some sites stay empty: at most half of each die.
        var dies = (2 * banks / wide.Sites.PerDie) + 1;
        return dies <= 4096
            ? wide with
            {
                Dies = (int)dies,
            }
            : throw new InputException(
                $"{model.File.Path}: {banks} banks are more than the calibration run can hold; "
                    + $"name a code format instead of {ChooseWeightBits.Auto}"
            );
    }

    private static TextChunks Cut(TextTokenizer tokenizer, string text, string source, int contextLength, int vocabulary)
    {
        var tokens = tokenizer.Encode(text, addSpecial: true, parseSpecial: false);
        var context = Math.Min(Math.Min(LongestChunk, contextLength), tokens.Length);
        if (context < 16)
            throw new InputException($"{source}: {tokens.Length} tokens are too few to calibrate on; use a text of at least a few hundred");
        var most = Math.Clamp(LogProbabilitiesHeld / ((long)vocabulary * context / 2), 1, MostChunks);
        return new TextChunks(tokens, context, (int)Math.Min(tokens.Length / context, most), tokenizer.AddsBos ? tokenizer.BosId : -1);
    }

    private static void LogSoftmax(ReadOnlySpan<float> logits, Span<float> result)
    {
        var max = logits[0];
        foreach (var l in logits)
            max = MathF.Max(max, l);
        double sum = 0;
        foreach (var l in logits)
            sum += MathF.Exp(l - max);
        var logSum = Math.Log(sum);
        for (var i = 0; i < logits.Length; i++)
            result[i] = (float)(logits[i] - max - logSum);
    }

    private static double Divergence(ReadOnlySpan<float> p, ReadOnlySpan<float> q)
    {
        double sum = 0;
        for (var i = 0; i < p.Length; i++)
            sum += Math.Exp(p[i]) * ((double)p[i] - q[i]);
        return sum;
    }
}
