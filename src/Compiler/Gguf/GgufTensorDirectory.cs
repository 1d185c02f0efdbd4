using System.Text;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// Reads the tensor directory and proves that every tensor lies inside the file. Offsets must be the running sum of the padded
/// sizes, as in the reference reader; all faults after which reading can continue are reported together.
/// </summary>
internal sealed class GgufTensorDirectory(MappedFile file, GgufCursor cursor, GgufFaults faults, long alignment, List<string> warnings)
{
    /// <summary>Bytes of the smallest entry: an empty name, no dimensions.</summary>
    public const int LeastEntryBytes = 24;

    private const int LongestName = 63;
    private const int MostDimensions = 4;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<Entry> _entries = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>An entry whose offset is counted from the start of the data section.</summary>
    private sealed record Entry(string Name, CodeFormat Type, long[] Dimensions, long Bytes, long Offset);

    /// <summary>Reads <paramref name="count"/> entries and places them in the file.</summary>
    /// <exception cref="ChipModel.Files.InputException">An entry is malformed or its data is missing.</exception>
    public IReadOnlyList<GgufTensor> Read(long count)
    {
        // The running sum is unknown (null) after a tensor whose size is; the next offset is then believed.
        long? expected = 0;
        for (long i = 0; i < count; i++)
            expected = ReadEntry(i, expected);
        faults.ThrowIfAny();
        return count == 0 ? [] : Place(expected ?? 0);
    }

    private long? ReadEntry(long index, long? expected)
    {
        var at = cursor.Position;
        var name = ReadName(index);
        var what = $"tensor {GgufFaults.Quote(name)}";

        var dimensionsAt = cursor.Position;
        var dimensionCount = cursor.Read<uint>(what);
        if (dimensionCount > MostDimensions)
            throw faults.Fatal(dimensionsAt, $"{what} has {dimensionCount} dimensions; at most {MostDimensions} are allowed");
        var dimensions = new long[dimensionCount];
        for (var d = 0; d < dimensions.Length; d++)
            dimensions[d] = cursor.Read<long>(what);

        var typeAt = cursor.Position;
        var id = cursor.Read<int>(what);
        var offsetAt = cursor.Position;
        var offset = cursor.Read<ulong>(what);

        var bytes = Size(what, id, typeAt, dimensions, dimensionsAt);
        if (!_names.Add(name))
            faults.Add(at, $"duplicate {what}");
        if (expected is { } sum && offset != (ulong)sum)
            faults.Add(offsetAt, $"{what} has offset {offset}, expected {sum} (alignment {alignment})");
        if (bytes is not { } size || (expected is null && offset > long.MaxValue))
            return null;
        var start = expected ?? (long)offset;
        if (Padded(size) is not { } padded || start > long.MaxValue - padded)
        {
            faults.Add(at, $"{what}: the sum of the tensor sizes up to here overflows 64 bits");
            return null;
        }
        _entries.Add(new Entry(name, CodeFormats.FindGgml(id)!, dimensions, size, start));
        return start + padded;
    }

    private string ReadName(long index)
    {
        var at = cursor.Position;
        var bytes = cursor.ReadString($"name of tensor {index}");
        if (bytes.Length > LongestName)
            faults.Add(at, $"name of tensor {index} has {bytes.Length} bytes; at most {LongestName} are allowed");
        try
        {
            var name = StrictUtf8.GetString(bytes);
            if (NameGate.Fault(name) is { } fault && bytes.Length <= LongestName)
                faults.Add(at, $"name of tensor {index} {fault}");
            return name;
        }
        catch (DecoderFallbackException)
        {
            faults.Add(at, $"name of tensor {index} is not UTF-8");
            return Encoding.Latin1.GetString(bytes);
        }
    }

    /// <summary>Bytes of the tensor, or null after noting why it has no size.</summary>
    private long? Size(string what, int id, long typeAt, long[] dimensions, long dimensionsAt)
    {
        if (CodeFormats.FindGgml(id) is not { } type)
        {
            faults.Add(
                typeAt,
                CodeFormats.RemovedName(id) is { } removed
                    ? $"{what} has type {id} ({removed}), which was removed from GGUF"
                    : $"{what} has unknown type {id}"
            );
            return null;
        }
        if (Array.Exists(dimensions, n => n < 0))
        {
            faults.Add(dimensionsAt, $"{what} has a negative dimension in {{{string.Join(", ", dimensions)}}}");
            return null;
        }
        var rowLength = dimensions.Length > 0 ? dimensions[0] : 1;
        if (rowLength % type.BlockWeights != 0)
        {
            faults.Add(dimensionsAt, $"{what} has rows of {rowLength}, not a multiple of the {type} block of {type.BlockWeights}");
            return null;
        }
        try
        {
            // Row by row, so that a later zero cannot hide a row or a plane too large to count.
            var bytes = type.BytesOf(rowLength);
            var elements = rowLength;
            foreach (var n in dimensions.AsSpan(Math.Min(1, dimensions.Length)))
            {
                elements = checked(elements * n);
                bytes = checked(bytes * n);
            }
            return bytes;
        }
        catch (OverflowException)
        {
            faults.Add(dimensionsAt, $"{what}: the size of {{{string.Join(", ", dimensions)}}} overflows 64 bits");
            return null;
        }
    }

    private IReadOnlyList<GgufTensor> Place(long dataBytes)
    {
        if (Padded(cursor.Position) is not { } dataStart || dataStart > file.Length)
            throw faults.Fatal(
                cursor.Position,
                $"the data section lies beyond the end of the file at byte {file.Length}",
                GgufFaults.FetchAgain
            );
        var available = file.Length - dataStart;
        foreach (var entry in _entries)
        {
            if (entry.Bytes > available || entry.Offset > available - entry.Bytes)
                throw faults.Fatal(
                    dataStart + entry.Offset,
                    $"tensor {GgufFaults.Quote(entry.Name)} takes {entry.Bytes} bytes, " + $"but the file ends at byte {file.Length}",
                    GgufFaults.FetchAgain
                );
        }
        if (dataBytes > available)
            warnings.Add($"{file.Path}: byte {file.Length}: the padding after the last tensor is cut short; the tensor data is complete");
        return [.. _entries.Select(e => new GgufTensor(file, e.Name, e.Type, e.Dimensions, e.Bytes, dataStart + e.Offset))];
    }

    private long? Padded(long bytes) => bytes > long.MaxValue - (alignment - 1) ? null : (bytes + alignment - 1) / alignment * alignment;
}
