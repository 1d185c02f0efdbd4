using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;

namespace TaalasSim.Reports.Validation;

/// <summary>
/// Predictions of the GPU model over a grid of cards, engines, models, batches and lengths, kept so that no change moves them unseen. A
/// file is gzipped text: a line for each group of measurements with its error then, and a line for each card, engine and model with the
/// logarithms of its figures in steps of 1/2000, base64.
/// </summary>
public sealed class GpuSnapshot
{
    private const double Steps = 2000;
    private const int LongestText = 64 << 20;

    private static readonly string[] Engines = ["vllm-async", "tensorrt-llm", "llama.cpp"];
    private static readonly double[] Batches = [1, 8, 32, 128, 512];
    private static readonly (int Input, int Output)[] Lengths = [(128, 128), (500, 2000), (1000, 1000), (5000, 500)];

    private readonly SortedDictionary<string, short[]> _points;

    private GpuSnapshot(SortedDictionary<string, short[]> points, IReadOnlyDictionary<string, double> errors) =>
        (_points, Errors) = (points, errors);

    /// <summary>Mean absolute error (%) of each group of measurements.</summary>
    public IReadOnlyDictionary<string, double> Errors { get; }

    /// <summary>Predictions.</summary>
    public int Count => _points.Values.Sum(v => v.Length);

    /// <summary>Name of the content: eight hexadecimal digits that the changelog gives with the reason of a move.</summary>
    public string Id =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(_points.Select(p => Line(p.Key, p.Value))))))[..8];

    /// <summary>Predicts the grid: output tokens per second at each batch and length, then watts of the card.</summary>
    /// <param name="library">Cards, engines and models.</param>
    /// <param name="models">Shapes to predict.</param>
    /// <param name="report">Scored measurements, whose group errors are kept.</param>
    public static GpuSnapshot Take(GpuLibrary library, IEnumerable<ModelShape> models, ValidationReport report)
    {
        var points = new SortedDictionary<string, short[]>(StringComparer.Ordinal);
        foreach (var model in models.Where(m => m is { Causal: true, Patches: null }).OrderBy(m => m.Name, StringComparer.Ordinal))
        foreach (var card in library.Cards)
        foreach (var engine in Engines.Select(library.Engine))
            points[$"{card.Name}\t{engine.Name}\t{model.Name}"] = Predict(library, card, engine, model);
        var errors = report
            .Groups.Where(g => g.Role != "reference")
            .GroupBy(g => g.Role + " " + g.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Average(x => x.MeanAbsPct), StringComparer.Ordinal);
        return new GpuSnapshot(points, errors);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">The file is missing or not a snapshot.</exception>
    public static GpuSnapshot Read(string path)
    {
        try
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
            var points = new SortedDictionary<string, short[]>(StringComparer.Ordinal);
            var errors = new Dictionary<string, double>(StringComparer.Ordinal);
            var read = 0;
            while (reader.ReadLine() is { } line)
            {
                if ((read += line.Length) > LongestText)
                    throw new InputException($"{path}: is too long for a snapshot; take it again with --write-snapshot");
                var at = line.LastIndexOf('\t');
                var (key, value) = (line[..Math.Max(0, at)], line[(at + 1)..]);
                if (key.StartsWith("error\t", StringComparison.Ordinal))
                    errors[key["error\t".Length..]] = double.Parse(value, CultureInfo.InvariantCulture);
                else
                    points[key] = Unpack(Convert.FromBase64String(value));
            }

            return new GpuSnapshot(points, errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or InvalidDataException)
        {
            throw new InputException($"{path}: is not a snapshot ({e.Message}); take it again with --write-snapshot", e);
        }
    }

    /// <summary>Writes a file.</summary>
    public void Write(string path)
    {
        using var packed = new MemoryStream();
        using (
            var writer = new StreamWriter(new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true), new UTF8Encoding(false))
        )
        {
            foreach (var (group, error) in Errors)
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"error\t{group}\t{error:0.00}\n"));
            foreach (var (key, values) in _points)
                writer.Write(Line(key, values));
        }

        AtomicFile.Write(path, stream => packed.WriteTo(stream));
    }

    /// <summary>What moved since another snapshot, by card and engine; moves below 0.2 % are rounding.</summary>
    public IReadOnlyList<SnapshotMove> Since(GpuSnapshot before)
    {
        const int rounding = 4;
        return
        [
            .. _points
                .Keys.Union(before._points.Keys, StringComparer.Ordinal)
                .GroupBy(k => k[..k.LastIndexOf('\t')].Replace("\t", ", ", StringComparison.Ordinal), StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => Move(g.Key, [.. g]))
                .Where(m => m.Moved + m.Added + m.Gone > 0),
        ];

        SnapshotMove Move(string group, IReadOnlyList<string> keys)
        {
            var both = keys.Where(k => _points.ContainsKey(k) && before._points.ContainsKey(k)).ToList();
            var moves = both.SelectMany(k => _points[k].Zip(before._points[k], (a, b) => a - b)).ToList();
            var moved = moves.Where(m => Math.Abs(m) >= rounding).Select(m => 100 * (Math.Exp(m / Steps) - 1)).ToList();
            return new SnapshotMove(
                group,
                moves.Count,
                moved.Count,
                moved.Count == 0 ? 0 : moved.Average(),
                moved.Count == 0 ? 0 : moved.MaxBy(Math.Abs),
                keys.Count(k => !before._points.ContainsKey(k)),
                keys.Count(k => !_points.ContainsKey(k))
            );
        }
    }

    private static short[] Predict(GpuLibrary library, GpuCard card, GpuEngine engine, ModelShape model)
    {
        var format =
            engine.Name == "llama.cpp" ? "q4_k_m"
            : card.Fp8Tflops is null ? "bf16"
            : "fp8";
        var factors = library.Calibration.Values().For(engine);
        var speeds = GpuSpeeds.Of(card);
        var values = new List<short>();
        var watts = new List<short>();
        foreach (var (input, output) in Lengths)
        {
            var service = new GpuService
            {
                WeightFormat = format,
                KvFormat = format == "fp8" ? "fp8" : "bf16",
                InputTokens = input,
                OutputTokens = output,
            };
            var machine = new GpuMachine(speeds, engine, factors, model, service);
            foreach (var batch in Batches)
            {
                var step = machine.SteadyStep(batch);
                values.Add(Pack(batch / step.Total));
                watts.Add(Pack(machine.Watts(step)));
            }
        }

        return [.. values, .. watts];
    }

    private static short Pack(double value) => (short)Math.Clamp(Math.Round(Steps * Math.Log(value)), short.MinValue, short.MaxValue);

    private static string Line(string key, short[] values)
    {
        var bytes = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++)
            System.Buffers.Binary.BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), values[i]);
        return $"{key}\t{Convert.ToBase64String(bytes)}\n";
    }

    private static short[] Unpack(byte[] bytes)
    {
        var values = new short[bytes.Length / 2];
        for (var i = 0; i < values.Length; i++)
            values[i] = System.Buffers.Binary.BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(2 * i));
        return values;
    }
}
