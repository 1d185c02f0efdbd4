using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Export;

/// <summary>Draws the two customised layers as GDSII: a cell per bank, placed in one top cell per die. One bank is in memory at a time.</summary>
public static class ExportGds
{
    /// <summary>Cell with one via.</summary>
    public const string ViaCell = "VIA";

    /// <summary>Cell with one strap.</summary>
    public const string StrapCell = "STRAP";

    private const string BankPrefix = "BANK_";

    private const string VectorPrefix = "VECTOR_";

    private const string DiePrefix = "DIE_";

    /// <summary>Writes a file; an old one is replaced only when the new one is whole.</summary>
    /// <exception cref="InputException">The window holds nothing, or the file cannot be written.</exception>
    public static GdsSummary ToFile(string path, MaskImage image, MaskGeometry geometry, MaskWindow window, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        GdsSummary? summary = null;
        try
        {
            AtomicFile.Write(path, stream => summary = ToStream(stream, image, geometry, window, progress, cancel));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be written: {e.Message}", e);
        }

        return summary!;
    }

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Target; left open, need not seek.</param>
    /// <param name="image">Chip.</param>
    /// <param name="geometry">Form of the layers on the chip's fabric.</param>
    /// <param name="window">Sites to draw.</param>
    /// <param name="progress">Share of the sites done.</param>
    /// <param name="cancel">Stops between two banks.</param>
    public static GdsSummary ToStream(Stream stream, MaskImage image, MaskGeometry geometry, MaskWindow window, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        var sites = Enumerable.Range(0, image.Straps.Count).Where(s => image.Straps[s].Port >= 0 && window.Holds(s, image.Fabric)).ToArray();
        var arrayBytes = geometry.ArrayBits / 8;
        var arrays = window.HoldsVectorRom ? (int)((image.VectorBytes + arrayBytes - 1) / arrayBytes) : 0;
        if (sites.Length + arrays == 0)
            throw new InputException("the window holds no bank; name the site of one, or a larger window");
        var layers = geometry.Rules.Gds;
        long vias = 0, straps = 0;
        var writer = new GdsWriter(stream, "TAALASSIM");
        using (writer)
        {
            DrawCell(writer, ViaCell, w => w.Rectangle(layers.Weights, geometry.Via));
            DrawCell(writer, StrapCell, w => w.Rectangle(layers.Dataflow, geometry.Strap));
            for (var i = 0; i < sites.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                var bank = image.Bank(sites[i]);
                if (bank.Length * 8L > geometry.ArrayBits)
                    throw new InputException($"site {sites[i]}: {bank.Length * 8L} bits do not fit the fabric's array of {geometry.ArrayBits}");
                writer.BeginCell(BankCell(sites[i]));
                writer.Rectangle(layers.Outline, geometry.Outline);
                vias += DrawVias(writer, geometry, bank);
                straps += DrawStraps(writer, geometry, image.StrapBits(sites[i]));
                writer.EndCell();
                progress?.Report((double)(i + 1) / sites.Length);
            }

            for (var i = 0; i < arrays; i++)
            {
                cancel.ThrowIfCancellationRequested();
                var part = new byte[Math.Min(arrayBytes, image.VectorBytes - (i * arrayBytes))];
                image.ReadVectors(i * arrayBytes, part);
                writer.BeginCell(VectorCell(i));
                vias += DrawVias(writer, geometry, part);
                writer.EndCell();
            }

            DrawDies(writer, geometry, sites, arrays);
        }

        return new GdsSummary(sites.Length, arrays, vias, straps, writer.Bytes);
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
        cell.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(cell.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1;

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

    private static void DrawDies(GdsWriter writer, MaskGeometry geometry, int[] sites, int arrays)
    {
        foreach (var die in sites.GroupBy(s => geometry.SiteOrigin(s).Die))
        {
            writer.BeginCell(DieCell(die.Key));
            foreach (var site in die)
            {
                var (_, x, y) = geometry.SiteOrigin(site);
                writer.Reference(BankCell(site), x, y);
            }

            for (var i = 0; die.Key == 0 && i < arrays; i++)
            {
                var (x, y) = geometry.VectorOrigin(i);
                writer.Reference(VectorCell(i), x, y);
            }

            writer.EndCell();
        }
    }

    private static bool IsOne(ReadOnlySpan<byte> bits, long bit) => (bits[(int)(bit >> 3)] >> (int)(bit & 7) & 1) != 0;
}
