using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Draws the two customised layers, or the difference of two chips, as GDSII: a cell per bank, placed in one top cell per die. One
/// bank is in memory at a time.</summary>
public static class ExportGds
{
    /// <summary>Cell with one via.</summary>
    public const string ViaCell = "VIA";

    /// <summary>Cell with one strap.</summary>
    public const string StrapCell = "STRAP";

    private const string BankPrefix = "BANK_";

    private const string VectorPrefix = "VECTOR_";

    private const string DiePrefix = "DIE_";

    /// <summary>Writes a chip to a file; an old one is replaced only when the new one is complete.</summary>
    /// <exception cref="InputException">The window holds nothing, or the file cannot be written.</exception>
    public static GdsSummary ToFile(
        string path,
        MaskImage image,
        MaskGeometry geometry,
        MaskWindow window,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    ) => ToFile(path, stream => ToStream(stream, image, geometry, window, progress, cancel));

    /// <summary>Writes a chip to a file of a set, which gets its name with the others.</summary>
    /// <inheritdoc cref="ToFile(string, MaskImage, MaskGeometry, MaskWindow, IProgress{double}, CancellationToken)"/>
    public static GdsSummary Into(
        OutputSet set,
        string path,
        MaskImage image,
        MaskGeometry geometry,
        MaskWindow window,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    ) => ToFile(path, stream => ToStream(stream, image, geometry, window, progress, cancel), set.Add);

    /// <summary>Writes the difference of two chips of one fabric to a file; cells without a difference are left out. An old file is
    /// replaced only when the new one is complete.</summary>
    /// <exception cref="InputException">The fabrics place their bits differently, or the file cannot be written.</exception>
    public static GdsSummary DifferenceToFile(
        string path,
        MaskImage a,
        MaskImage b,
        MaskGeometry geometry,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    ) => ToFile(path, stream => ToStream(stream, ListMaskCells.Xor(a, b, geometry, progress, cancel).Where(c => !c.IsBlank), geometry));

    /// <summary>Writes a chip to a stream.</summary>
    /// <param name="stream">Target; left open, need not seek.</param>
    /// <param name="image">Chip.</param>
    /// <param name="geometry">Form of the layers on the chip's fabric.</param>
    /// <param name="window">Sites to draw.</param>
    /// <param name="progress">Share of the sites done.</param>
    /// <param name="cancel">Stops between two banks.</param>
    /// <exception cref="InputException">The window holds nothing.</exception>
    public static GdsSummary ToStream(
        Stream stream,
        MaskImage image,
        MaskGeometry geometry,
        MaskWindow window,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    )
    {
        var summary = ToStream(stream, ListMaskCells.Of(image, geometry, window, progress, cancel), geometry);
        return summary.Banks + summary.VectorArrays > 0
            ? summary
            : throw new InputException("the window holds no bank; name the site of one, or a larger window");
    }

    private static GdsSummary ToFile(string path, Func<Stream, GdsSummary> write, Action<string, Action<Stream>>? place = null)
    {
        GdsSummary? summary = null;
        try
        {
            (place ?? AtomicFile.Write)(path, stream => summary = write(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be written: {e.Message}", e);
        }

        return summary!;
    }

    // Top cells come last, as readers want a cell before its first placement; until then only places are kept.
    private static GdsSummary ToStream(Stream stream, IEnumerable<MaskCell> cells, MaskGeometry geometry)
    {
        var places = new List<(int Die, string Cell, int X, int Y)>();
        int banks = 0,
            arrays = 0;
        long vias = 0,
            straps = 0;
        var writer = new GdsWriter(stream, "TAALASSIM");
        using (writer)
        {
            DrawCell(writer, ViaCell, w => w.Rectangle(geometry.Layers.Weights, geometry.Via));
            DrawCell(writer, StrapCell, w => w.Rectangle(geometry.Layers.Dataflow, geometry.Strap));
            foreach (var cell in cells)
            {
                writer.BeginCell(cell.Name);
                if (cell.Site >= 0)
                    writer.Rectangle(geometry.Layers.Outline, geometry.Outline);
                vias += DrawVias(writer, geometry, cell.Weights);
                straps += DrawStraps(writer, geometry, cell.Straps);
                writer.EndCell();
                places.Add((cell.Die, cell.Name, cell.X, cell.Y));
                (banks, arrays) = cell.Site >= 0 ? (banks + 1, arrays) : (banks, arrays + 1);
            }

            foreach (var die in places.GroupBy(p => p.Die).OrderBy(g => g.Key))
                DrawCell(writer, DieCell(die.Key), w =>
                {
                    foreach (var (_, cell, x, y) in die)
                        w.Reference(cell, x, y);
                });
            if (places.Count == 0)
                DrawCell(writer, DieCell(0), _ => { });
        }

        return new GdsSummary(banks, arrays, vias, straps, writer.Bytes);
    }

    /// <summary>Name of the cell of a site's bank.</summary>
    public static string BankCell(int site) => BankPrefix + site.ToString("D7", CultureInfo.InvariantCulture);

    /// <summary>Name of the cell of an array of the vector ROM.</summary>
    public static string VectorCell(int array) => VectorPrefix + array.ToString("D5", CultureInfo.InvariantCulture);

    /// <summary>Name of the top cell of a die.</summary>
    public static string DieCell(int die) => DiePrefix + die.ToString(CultureInfo.InvariantCulture);

    /// <summary>Site of a bank's cell; −1 for another cell.</summary>
    public static int SiteOf(string cell) => Number(cell, BankPrefix);

    /// <summary>Index of an array of the vector ROM; −1 for another cell.</summary>
    public static int VectorArrayOf(string cell) => Number(cell, VectorPrefix);

    /// <summary>Die of a top cell; −1 for another cell.</summary>
    public static int DieOf(string cell) => Number(cell, DiePrefix);

    private static int Number(string cell, string prefix) =>
        cell.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(cell.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? n
            : -1;

    private static void DrawCell(GdsWriter writer, string name, Action<GdsWriter> draw)
    {
        writer.BeginCell(name);
        draw(writer);
        writer.EndCell();
    }

    // Runs of ones along a word line are one array reference, single ones a reference.
    private static long DrawVias(GdsWriter writer, MaskGeometry geometry, ReadOnlySpan<byte> bits)
    {
        long vias = 0;
        var count = bits.Length * 8L;
        for (long line = 0; line < count; line += geometry.BitLines)
        {
            var end = Math.Min(count, line + geometry.BitLines);
            for (var bit = line; bit < end; bit++)
            {
                if (!IsOne(bits, bit))
                    continue;
                var from = bit;
                while (bit + 1 < end && IsOne(bits, bit + 1))
                    bit++;
                var run = (int)(bit - from) + 1;
                vias += run;
                var (x, y) = geometry.ViaCentre(from);
                if (run == 1)
                    writer.Reference(ViaCell, x, y);
                else
                    writer.Row(ViaCell, x, y, run, geometry.PitchX);
            }
        }

        return vias;
    }

    private static int DrawStraps(GdsWriter writer, MaskGeometry geometry, ReadOnlySpan<byte> bits)
    {
        var straps = 0;
        for (var bit = 0; bit < bits.Length * 8; bit++)
        {
            if (!IsOne(bits, bit))
                continue;
            var (x, y) = geometry.StrapOrigin(bit);
            writer.Reference(StrapCell, x, y);
            straps++;
        }

        return straps;
    }

    private static bool IsOne(ReadOnlySpan<byte> bits, long bit) => (bits[(int)(bit >> 3)] >> (int)(bit & 7) & 1) != 0;
}
