using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>
/// Rows as they are finished, one JSON line each, so that an interrupted sweep resumes where it stopped. The first line names the sweep's
/// digest; every line ends with a checksum of itself. A last line that was torn by an interruption is cut off; any other damage is refused.
/// </summary>
internal sealed class SweepJournal : IDisposable
{
    public const string FileName = "sweep.journal";

    private const string Format = "taalas-sweep-journal-4";
    private const int MaximumLine = 1 << 16,
        ChecksumDigits = 16;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        RespectRequiredConstructorParameters = true,
    };

    // Rows of a fast sweep are written together; of a slow one each is written at once.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);
    private const int MostPending = 1 << 18;

    private readonly FileStream _stream;
    private readonly Lock _gate = new();
    private readonly MemoryStream _pending = new();
    private long _written = Stopwatch.GetTimestamp();

    private SweepJournal(FileStream stream) => _stream = stream;

    /// <summary>Opens or starts the journal of a folder and keeps others from writing it.</summary>
    /// <param name="folder">Folder of the sweep.</param>
    /// <param name="digest">Digest of the sweep and its inputs.</param>
    /// <param name="points">Number of points.</param>
    /// <param name="take">Called with each row of earlier runs.</param>
    /// <exception cref="InputException">It belongs to another sweep, is damaged, or is in use.</exception>
    public static SweepJournal Open(string folder, string digest, int points, Action<SweepRow> take)
    {
        var path = OutputTarget.OfFile(Path.Combine(OutputTarget.OfFolder(folder), FileName));
        FileStream? stream = null;
        try
        {
            Directory.CreateDirectory(folder);
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var end = Read(stream, path, digest, points, take);
            stream.SetLength(end);
            stream.Position = end;
            var journal = new SweepJournal(stream);
            if (end == 0)
                journal.Append(JsonSerializer.SerializeToUtf8Bytes(new Header(Format, digest), Json));
            return journal;
        }
        catch (Exception e)
        {
            stream?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
                throw new InputException(
                    $"{path}: cannot be opened; is another sweep running in this folder? ({e.Message.ReplaceLineEndings(" ")})",
                    e
                );
            throw;
        }
    }

    /// <summary>Reads the rows of a journal that another process may be writing; nothing changes.</summary>
    /// <param name="folder">Folder of the journal.</param>
    /// <param name="digest">Digest of the sweep and its inputs.</param>
    /// <param name="points">Number of points.</param>
    /// <param name="take">Called with each row.</param>
    /// <exception cref="InputException">It belongs to another sweep, is damaged, or cannot be read.</exception>
    public static void Look(string folder, string digest, int points, Action<SweepRow> take)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            RegularFile.Check(path, "a journal of a sweep");
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Read(stream, path, digest, points, take);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Appends a row; safe to call from several threads. A row may be lost when the process is killed within
    /// <see cref="LongestWait"/>, and is then done again.</summary>
    public void Append(SweepRow row)
    {
        var figures = row.Status == SweepStatus.Ok ? SweepColumns.OfFigures.Select(c => c.Of(row.Figures)).ToArray() : null;
        Append(JsonSerializer.SerializeToUtf8Bytes(new Line(row.Point, row.Status, row.Reason, row.Figures.IsBestEstimate, figures), Json));
    }

    public void Dispose()
    {
        lock (_gate)
            Write();
        _stream.Dispose();
        _pending.Dispose();
    }

    private void Append(byte[] line)
    {
        var sum = Encoding.ASCII.GetBytes(Checksum(line));
        lock (_gate)
        {
            _pending.Write(line);
            _pending.WriteByte((byte)' ');
            _pending.Write(sum);
            _pending.WriteByte((byte)'\n');
            if (_pending.Length >= MostPending || Stopwatch.GetElapsedTime(_written) >= LongestWait)
                Write();
        }
    }

    // An interruption tears at most the last line.
    private void Write()
    {
        _stream.Write(_pending.GetBuffer().AsSpan(0, (int)_pending.Length));
        _stream.Flush();
        _pending.SetLength(0);
        _written = Stopwatch.GetTimestamp();
    }

    private static long Read(FileStream stream, string path, string digest, int points, Action<SweepRow> take)
    {
        var seen = new System.Collections.BitArray(points);
        long end = 0;
        var number = 0;
        foreach (var (line, whole, after) in Lines(stream, path))
        {
            number++;
            if (!whole)
                break;
            if (number == 1)
            {
                var header = Parse<Header>(line);
                if (header?.Format != Format)
                    throw new InputException(
                        $"{path}: is damaged, or not the journal of a sweep of this version; name another folder, or delete the file "
                            + "to start again"
                    );
                if (header.Digest != digest)
                    throw new InputException(
                        $"{path}: belongs to another sweep or other inputs; name another folder, or delete the file to start again"
                    );
            }
            else
            {
                if (Row(Parse<Line>(line), points) is not { } row || seen[row.Point])
                    throw new InputException($"{path}:{number}: damaged (its checksum or point is wrong); delete the file to start again");
                seen[row.Point] = true;
                take(row);
            }

            end = after;
        }

        return end;
    }

    // A line as a row; null when it is none.
    private static SweepRow? Row(Line? line, int points)
    {
        // A checksum can be made again; a status that is none, or a missing reason, would pass for a point without figures.
        if (line?.Reason is null || !Enum.IsDefined(line.Status) || line.Point < 0 || line.Point >= points)
            return null;
        if (line.Status != SweepStatus.Ok)
            return new SweepRow
            {
                Point = line.Point,
                Status = line.Status,
                Reason = line.Reason,
                Figures = new SweepFigures(),
            };
        if (line.Figures?.Length != SweepColumns.OfFigures.Count)
            return null;
        var values = line.Figures.Select(v => v ?? double.NaN).ToArray();
        return new SweepRow
        {
            Point = line.Point,
            Status = line.Status,
            Reason = line.Reason,
            Figures = SweepColumns.Figures(values, line.Best),
        };
    }

    // Sixteen hexadecimal digits: enough against chance; it is no signature.
    private static string Checksum(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line))[..ChecksumDigits];

    private static T? Parse<T>(byte[] bytes)
        where T : class
    {
        var text = bytes.AsSpan();
        var sum = text.LastIndexOf((byte)' ');
        if (sum < 0 || text.Length - sum - 1 != ChecksumDigits || Encoding.ASCII.GetString(text[(sum + 1)..]) != Checksum(text[..sum]))
            return null;
        try
        {
            return JsonSerializer.Deserialize<T>(text[..sum], Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<(byte[] Line, bool Whole, long After)> Lines(FileStream stream, string path)
    {
        stream.Position = 0;
        // Not disposed: it would close the stream.
        var buffered = new BufferedStream(stream, 1 << 16);
        var line = new List<byte>();
        long at = 0;
        for (int b; (b = buffered.ReadByte()) >= 0; )
        {
            at++;
            if (b == '\n')
            {
                yield return ([.. line], true, at);
                line.Clear();
                continue;
            }

            line.Add((byte)b);
            if (line.Count > MaximumLine)
                throw new InputException($"{path}: a line of more than {MaximumLine} bytes; this is not the journal of a sweep");
        }

        if (line.Count > 0)
            yield return ([.. line], false, at);
    }

    private sealed record Header(string Format, string Digest);

    private sealed record Line(int Point, SweepStatus Status, string Reason, bool Best, double?[]? Figures = null);
}
