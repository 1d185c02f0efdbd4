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

    private const string Format = "taalas-sweep-journal-2";
    private const int MaximumLine = 1 << 16,
        ChecksumDigits = 16;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        RespectRequiredConstructorParameters = true,
    };

    private readonly FileStream _stream;
    private readonly Lock _gate = new();

    private SweepJournal(FileStream stream, IReadOnlyList<SweepRow> rows) => (_stream, Rows) = (stream, rows);

    /// <summary>Rows of earlier runs.</summary>
    public IReadOnlyList<SweepRow> Rows { get; }

    /// <summary>Opens or starts the journal of a folder and keeps others from writing it.</summary>
    /// <exception cref="InputException">It belongs to another sweep, is damaged, or is in use.</exception>
    public static SweepJournal Open(string folder, string digest, int points)
    {
        var path = OutputTarget.OfFile(Path.Combine(OutputTarget.OfFolder(folder), FileName));
        FileStream? stream = null;
        try
        {
            Directory.CreateDirectory(folder);
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var (rows, end) = Read(stream, path, digest, points);
            stream.SetLength(end);
            stream.Position = end;
            var journal = new SweepJournal(stream, rows);
            if (end == 0)
                journal.WriteLine(JsonSerializer.Serialize(new Header(Format, digest), Json));
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

    /// <summary>Appends a row; safe to call from several threads.</summary>
    public void Append(SweepRow row)
    {
        var line = JsonSerializer.Serialize(row, Json);
        lock (_gate)
            WriteLine(line);
    }

    public void Dispose() => _stream.Dispose();

    // One write per line: an interruption tears at most the last one.
    private void WriteLine(string line)
    {
        _stream.Write(Encoding.UTF8.GetBytes($"{line} {Checksum(Encoding.UTF8.GetBytes(line))}\n"));
        _stream.Flush();
    }

    private static (IReadOnlyList<SweepRow> Rows, long End) Read(FileStream stream, string path, string digest, int points)
    {
        var rows = new List<SweepRow>();
        var seen = new HashSet<int>();
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
                var row = Parse<SweepRow>(line);
                if (row is null || row.Point < 0 || row.Point >= points || !seen.Add(row.Point))
                {
                    throw new InputException($"{path}:{number}: damaged (its checksum or point is wrong); delete the file to start again");
                }

                rows.Add(row);
            }

            end = after;
        }

        return (rows, end);
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
}
