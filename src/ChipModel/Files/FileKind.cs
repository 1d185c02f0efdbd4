using System.Buffers.Binary;
using System.Text;

namespace TaalasSim.ChipModel.Files;

/// <summary>What a file or folder is that was given in place of another, by its first bytes.</summary>
/// <param name="Name">What it is, for "is …".</param>
/// <param name="Advice">What to do about it.</param>
public sealed record FileKind(string Name, string Advice)
{
    private const int HeadBytes = 512;
    private const string Again = "download the file again";
    private const string ToGguf = "convert the folder of the model first: ./taalas convert FOLDER -o MODEL";
    private const string Unpack = "unpack it first";
    private static readonly FileKind Layout = new("a layout (GDSII)", "bring it back with './taalas import'");
    private static readonly FileKind Wide = new("a text in UTF-16", "save it in UTF-8");
    private static readonly FileKind Json = new("a JSON text", "give the file that was meant");
    private static readonly FileKind Plain = new("a text", "give the file that was meant");
    private static readonly FileKind Endless = new("a pipe or a device", "give a file");
    private static readonly FileKind Empty = new("empty", Again);

    private static readonly (byte[] Magic, int At, FileKind Kind)[] Magics =
    [
        (
            [.. "version https://git-lfs.github.com/spec"u8],
            0,
            new("a Git LFS pointer, not the file itself", "fetch it with 'git lfs pull'")
        ),
        ([.. "GGUF"u8], 0, new("a GGUF file", "make a chip image of it with './taalas compile MODEL -o DIR'")),
        ([0x6C, 0x6D, 0x67, 0x67], 0, new("a GGML file of before August 2023", "convert the original model again, to GGUF")),
        ([0x66, 0x6D, 0x67, 0x67], 0, new("a GGML file of before August 2023", "convert the original model again, to GGUF")),
        ([0x74, 0x6A, 0x67, 0x67], 0, new("a GGML file of before August 2023", "convert the original model again, to GGUF")),
        ([0x61, 0x6C, 0x67, 0x67], 0, new("a GGML adapter of before August 2023", "convert the adapter again, to GGUF")),
        ([0x50, 0x4B, 0x03, 0x04], 0, new("a zip archive, as PyTorch checkpoints (.bin, .pt, .pth) are too", ToGguf)),
        ([0x80, 0x02], 0, new("a Python pickle, as old PyTorch checkpoints are", ToGguf)),
        ([0x80, 0x03], 0, new("a Python pickle, as old PyTorch checkpoints are", ToGguf)),
        ([0x80, 0x04], 0, new("a Python pickle, as old PyTorch checkpoints are", ToGguf)),
        ([0x80, 0x05], 0, new("a Python pickle, as old PyTorch checkpoints are", ToGguf)),
        ([0x1F, 0x8B], 0, new("a gzip archive", Unpack)),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], 0, new("an xz archive", Unpack)),
        ([0x28, 0xB5, 0x2F, 0xFD], 0, new("a zstd archive", Unpack)),
        ([.. "BZh"u8], 0, new("a bzip2 archive", Unpack)),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], 0, new("a 7-Zip archive", Unpack)),
        ([.. "Rar!"u8], 0, new("a RAR archive", Unpack)),
        ([.. "ustar"u8], 257, new("a tar archive", Unpack)),
        ([0x89, .. "HDF"u8], 0, new("an HDF5 file, as Keras models are", ToGguf)),
        ([0x93, .. "NUMPY"u8], 0, new("a NumPy array", ToGguf)),
        ([.. "TFL3"u8], 4, new("a TensorFlow Lite model", ToGguf)),
        ([.. "PAR1"u8], 0, new("a Parquet table", "give the file that was meant")),
        ([.. "SQLite format 3"u8], 0, new("an SQLite database", "give the file that was meant")),
        ([.. "%PDF"u8], 0, new("a PDF document", "give the file that was meant")),
        ([0x89, .. "PNG"u8], 0, new("a picture (PNG)", "give the file that was meant")),
        ([0xFF, 0xD8, 0xFF], 0, new("a picture (JPEG)", "give the file that was meant")),
        ([0x7F, .. "ELF"u8], 0, new("a program (ELF)", "give the file that was meant")),
        ([.. "MZ"u8], 0, new("a program for Windows", "give the file that was meant")),
        ([0x00, 0x06, 0x00, 0x02], 0, Layout),
        ([0xFF, 0xFE], 0, Wide),
        ([0xFE, 0xFF], 0, Wide),
    ];

    /// <summary>What lies at a path; null when its kind is not known, and when nothing is there.</summary>
    public static FileKind? Of(string path)
    {
        try
        {
            if (Directory.Exists(path))
                return OfFolder(path);
            // To open a pipe waits for whoever writes to it.
            if (File.Exists(path) && !RegularFile.Is(path))
                return Endless;
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            var head = new byte[HeadBytes];
            return OfHead(head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)), stream.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>"is …, not …; what to do", or null.</summary>
    /// <param name="path">What was given.</param>
    /// <param name="wanted">What was wanted, with its article.</param>
    public static string? Sentence(string path, string wanted) =>
        Of(path) is { } kind ? $"is {kind.Name}, not {wanted}; {kind.Advice}" : null;

    /// <summary>As <see cref="Sentence"/>, for a file that was to be a text such as YAML: null for texts of any sort.</summary>
    public static string? SentenceOfNoText(string path, string wanted) =>
        Of(path) is { } kind && kind != Plain && kind != Json && kind != Empty ? Sentence(path, wanted) : null;

    /// <summary>As <see cref="Sentence"/>, for a file that was to be a layout: null for one.</summary>
    public static string? SentenceOfNoLayout(string path) => Of(path) is { } kind && kind != Layout ? Sentence(path, "a GDSII file") : null;

    /// <summary>The kind of a file by its first bytes.</summary>
    /// <param name="head">The first 512 bytes, or all.</param>
    /// <param name="length">Bytes of the file.</param>
    public static FileKind? OfHead(ReadOnlySpan<byte> head, long length)
    {
        if (length == 0)
            return Empty;
        // Its length may begin as another file does.
        if (IsSafetensors(head, length))
            return new FileKind("a safetensors file", ToGguf);
        foreach (var (magic, at, kind) in Magics)
            if (head.Length >= at + magic.Length && head.Slice(at, magic.Length).SequenceEqual(magic))
                return kind;
        if (head.Length >= 16 && !head.ContainsAnyExcept((byte)0))
            return new FileKind("a file that begins with zeros, as a broken download leaves", Again);
        return IsImportanceMatrix(head)
            ? new FileKind("an importance matrix (imatrix.dat)", "give it to 'quantize --imatrix'")
            : OfText(head);
    }

    private static FileKind? OfText(ReadOnlySpan<byte> head)
    {
        if (head.ContainsAny((byte)0, (byte)1, (byte)2))
            return null;
        var text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF').TrimStart();
        // A character may be cut at the end of the head.
        if (text.Length == 0 || text.AsSpan(0, Math.Max(0, text.Length - 2)).Contains('\uFFFD'))
            return null;
        bool Begins(string start) => text.StartsWith(start, StringComparison.OrdinalIgnoreCase);
        return Begins("<!doctype html") || Begins("<html") || Begins("<head")
                ? new FileKind(
                    "a web page (HTML), as a failed or refused download leaves",
                    "download the file itself, signed in if the model asks for it"
                )
            : Begins("<?xml") || Begins("<") ? new FileKind("an XML text", Again)
            : Begins("{") || Begins("[") ? Json
            : Plain;
    }

    // Eight bytes of length, then a JSON map of that length.
    private static bool IsSafetensors(ReadOnlySpan<byte> head, long length) =>
        head.Length > 9
        && BinaryPrimitives.ReadUInt64LittleEndian(head) is > 1 and < 100_000_000 and var n
        && (long)n <= length - 8
        && head[8] == '{';

    // Number of entries, then length and name of the first: those of a tensor.
    private static bool IsImportanceMatrix(ReadOnlySpan<byte> head)
    {
        if (head.Length < 16 || BinaryPrimitives.ReadInt32LittleEndian(head) is < 1 or > 1_000_000)
            return false;
        var count = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
        return count is > 7 and < 256
            && head.Length >= 8 + count
            && head.Slice(8, count).IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0
            && head.Slice(8, count).IndexOf(".weight"u8) >= 0;
    }

    private static FileKind OfFolder(string path)
    {
        string? First(string pattern) => Directory.EnumerateFiles(path, pattern).Order(StringComparer.Ordinal).FirstOrDefault();
        if (File.Exists(Path.Combine(path, OutputTarget.ImageDescription)))
            return new FileKind("the folder of a chip image", "give the GGUF file that it was made of");
        if (First("*.gguf") is { } model)
            return new FileKind("a folder", $"name a file in it, such as {model}");
        return First("*.safetensors") is not null || First("*.bin") is not null
            ? new FileKind("the folder of a Hugging Face model", ToGguf)
            : new FileKind("a folder", "name the file that was meant");
    }
}
