using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Gguf;

/// <summary>An importance matrix of llama-imatrix: the mean squared activation at every input of each matrix, from a GGUF file or from the
/// older <c>.dat</c> form.</summary>
public sealed class ImportanceMatrix
{
    private const string Sums = ".in_sum2";
    private const string Counts = ".counts";
    private const int LongestName = 1024;
    private const long MostLegacyBytes = 1 << 30;

    private readonly Dictionary<string, float[]> _entries = new(StringComparer.Ordinal);

    private ImportanceMatrix(string path) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Texts that it was measured on, as far as the file says.</summary>
    public IReadOnlyList<string> Datasets { get; private set; } = [];

    /// <summary>Chunks of text that it was measured on, as far as the file says.</summary>
    public int Chunks { get; private set; }

    /// <summary>Matrices that it knows.</summary>
    public IReadOnlyCollection<string> Matrices => _entries.Keys;

    /// <summary>Reads a file of either form.</summary>
    /// <exception cref="InputException">It is no importance matrix, or damaged.</exception>
    public static ImportanceMatrix Load(string path)
    {
        var head = new byte[4];
        if (File.Exists(path))
            RegularFile.Check(path, "an importance matrix");
        try
        {
            RegularFile.Check(path, "an importance matrix");
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            Array.Resize(ref head, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason =
                Directory.Exists(path) ? "it is a folder"
                : e is FileNotFoundException or DirectoryNotFoundException ? "no such file"
                : e.Message.ReplaceLineEndings(" ");
            throw new InputException($"{path}: the importance matrix cannot be read ({reason})", e);
        }

        var matrix = new ImportanceMatrix(path);
        if (head.AsSpan().SequenceEqual("GGUF"u8))
            matrix.ReadGguf();
        else
            matrix.ReadLegacy();
        foreach (var (name, values) in matrix._entries)
            if (Array.FindIndex(values, v => !(float.IsFinite(v) && v >= 0)) is >= 0 and var at)
                throw matrix.Fault($"entry {GgufFaults.Quote(name)}: value {at} is {values[at]}, expected a finite number from 0");
        return matrix;
    }

    /// <summary>Importance of the inputs of a matrix, or of one expert of it; empty when the file does not know it.</summary>
    /// <param name="tensor">Name of the matrix.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="expert">Number of the expert, from 0; 0 for a plain matrix.</param>
    /// <param name="experts">Number of experts; 1 for a plain matrix.</param>
    /// <exception cref="InputException">The file knows it with another size, so it belongs to another model.</exception>
    public ReadOnlySpan<float> Of(string tensor, int inputs, int expert = 0, int experts = 1)
    {
        if (!_entries.TryGetValue(tensor, out var values))
            return [];
        if (values.Length == (long)inputs * experts)
            return values.AsSpan(expert * inputs, inputs);
        // The embedding is looked up, not multiplied; tied to the output it may have been measured there.
        return tensor == "token_embd.weight"
            ? []
            : throw Fault(
                $"entry {GgufFaults.Quote(tensor)} has {values.Length} values, the matrix has {(long)inputs * experts} inputs; it was "
                    + "made for another model"
            );
    }

    private void ReadGguf()
    {
        using var file = GgufFile.Open(Path);
        var meta = file.Metadata;
        if (!meta.Contains("imatrix.chunk_count") && !file.Tensors.Any(t => t.Name.EndsWith(Sums, StringComparison.Ordinal)))
            throw new InputException($"{Path}: is a GGUF file, but no importance matrix; make one with llama-imatrix");
        if (meta.Find("imatrix.datasets") is { ElementType: GgufValueType.String } datasets)
            Datasets = datasets.Texts();
        if (meta.TryGet<uint>("imatrix.chunk_count", out var chunks))
            Chunks = (int)Math.Min(chunks, int.MaxValue);
        foreach (var tensor in file.Tensors.Where(t => t.Name.EndsWith(Counts, StringComparison.Ordinal)))
            if (!file.TryGetTensor(tensor.Name[..^Counts.Length] + Sums, out _))
                throw Fault($"tensor {GgufFaults.Quote(tensor.Name)} has no sums beside it");
        foreach (var tensor in file.Tensors.Where(t => t.Name.EndsWith(Sums, StringComparison.Ordinal)))
        {
            var name = tensor.Name[..^Sums.Length];
            if (!file.TryGetTensor(name + Counts, out var countTensor))
                throw Fault($"tensor {GgufFaults.Quote(tensor.Name)} has no counts beside it");
            var (sums, counts) = (Floats(tensor), Floats(countTensor));
            if (counts.Length == 0 || sums.Length % counts.Length != 0)
                throw Fault($"tensor {GgufFaults.Quote(tensor.Name)}: {sums.Length} sums do not divide among {counts.Length} counts");
            var width = sums.Length / counts.Length;
            for (var i = 0; i < sums.Length; i++)
            {
                // Experts that no token chose count all inputs alike.
                var count = MathF.Round(counts[i / width]);
                sums[i] = count > 0 ? sums[i] / count : 1;
            }

            _entries[name] = sums;
        }

        if (_entries.Count == 0)
            throw Fault("it holds no entries");
    }

    private float[] Floats(GgufTensor tensor)
    {
        if (tensor.Type is not ChipModel.Formats.F32Format)
            throw Fault($"tensor {GgufFaults.Quote(tensor.Name)}: expected F32, found {tensor.Type}");
        var values = new float[tensor.Elements];
        for (long row = 0; row < tensor.Rows; row++)
            tensor.DecodeRow(row, values.AsSpan((int)(row * tensor.RowLength), (int)tensor.RowLength));
        return values;
    }

    // i32 entries; each i32 length, name, i32 calls, i32 values, f32 sums that were multiplied by the calls; then i32 chunks and the text.
    private void ReadLegacy()
    {
        var bytes = RegularFile.ReadBytes(Path, MostLegacyBytes, "an importance matrix");
        var at = 0;
        var entries = Number("the number of entries");
        if (entries < 1)
            throw NotOne();
        for (var i = 0; i < entries; i++)
        {
            var name = Encoding.UTF8.GetString(Take(Number("the length of a name"), LongestName, "a name"));
            var calls = Number("the number of calls");
            var count = Number("the number of values");
            if (count < 1)
                throw NotOne();
            var values = MemoryMarshal.Cast<byte, float>(Take(4L * count, long.MaxValue, "values")).ToArray();
            if (calls > 0)
                for (var k = 0; k < values.Length; k++)
                    values[k] /= calls;
            _entries[name] = values;
        }

        if (bytes.Length - at >= 4)
            Chunks = Number("the number of chunks");
        if (bytes.Length - at >= 4)
            Datasets = [Encoding.UTF8.GetString(Take(Number("the length of a name"), LongestName * 16, "the name of the text"))];

        int Number(string what) => BinaryPrimitives.ReadInt32LittleEndian(Take(4, 4, what));

        ReadOnlySpan<byte> Take(long length, long most, string what)
        {
            if (length < 0 || length > most || length > bytes.Length - at)
                throw FileKind.Sentence(Path, "an importance matrix") is { } other
                && !other.Contains("importance matrix (", StringComparison.Ordinal)
                    ? new InputException($"{Path}: {other}")
                    : Fault($"byte {at}: {what} is missing or out of range; the file is cut or is no importance matrix");
            at += (int)length;
            return bytes.AsSpan(at - (int)length, (int)length);
        }

        InputException NotOne() =>
            FileKind.Sentence(Path, "an importance matrix") is { } other
                ? new InputException($"{Path}: {other}")
                : Fault("it holds no entries; the file is cut or is no importance matrix");
    }

    private InputException Fault(string what) => new($"{Path}: importance matrix: {what}");
}
