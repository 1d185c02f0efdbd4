using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Goes through the cells of a chip's masks, or of the difference of two, one at a time: banks in site order, then the vector
/// ROM.</summary>
public static class ListMaskCells
{
    /// <summary>Cells of a chip.</summary>
    /// <param name="image">Chip.</param>
    /// <param name="geometry">Form of the layers on its fabric.</param>
    /// <param name="window">Sites to go through.</param>
    /// <param name="progress">Share of the sites done.</param>
    /// <param name="cancel">Stops between two cells.</param>
    /// <exception cref="InputException">A bank is larger than the fabric's array.</exception>
    public static IEnumerable<MaskCell> Of(
        MaskImage image,
        MaskGeometry geometry,
        MaskWindow window,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    )
    {
        for (var site = 0; site < image.Straps.Count; site++)
        {
            cancel.ThrowIfCancellationRequested();
            if (image.Straps[site].Matrix >= 0 && window.Holds(site, image.Fabric))
                yield return Bank(site, image.Bank(site), image.StrapBits(site), geometry);
            progress?.Report((double)(site + 1) / image.Straps.Count);
        }

        var arrays = window.HoldsVectorRom ? VectorArrays(image, geometry) : 0;
        for (var i = 0; i < arrays; i++)
        {
            cancel.ThrowIfCancellationRequested();
            yield return Array(i, Part(image, geometry, i), geometry);
        }
    }

    /// <summary>Cells of the difference of two chips of one fabric: a bit is one where exactly one of the chips has a via or strap. Equal
    /// cells are all zeros.</summary>
    /// <exception cref="InputException">The fabrics place their bits differently, or a bank is larger than the fabric's array.</exception>
    public static IEnumerable<MaskCell> Xor(
        MaskImage a,
        MaskImage b,
        MaskGeometry geometry,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    )
    {
        if (!XorImages.SameFabric(a, b))
            throw new InputException(
                "the fabrics of the two images place their bits differently (bank capacity, site grid or dies), so their masks have "
                    + "no difference to draw"
            );
        for (var site = 0; site < a.Straps.Count; site++)
        {
            cancel.ThrowIfCancellationRequested();
            if (a.Straps[site].Matrix >= 0 || b.Straps[site].Matrix >= 0)
                yield return Bank(site, Xor(a.Bank(site), b.Bank(site)), Xor(a.StrapBits(site), b.StrapBits(site)), geometry);
            progress?.Report((double)(site + 1) / a.Straps.Count);
        }

        for (var i = 0; i < Math.Max(VectorArrays(a, geometry), VectorArrays(b, geometry)); i++)
        {
            cancel.ThrowIfCancellationRequested();
            yield return Array(i, Xor(Part(a, geometry, i), Part(b, geometry, i)), geometry);
        }
    }

    private static MaskCell Bank(int site, byte[] weights, byte[] straps, MaskGeometry geometry)
    {
        if (weights.Length * 8L > geometry.ArrayBits)
            throw new InputException($"site {site}: {weights.Length * 8L} bits do not fit the fabric's array of {geometry.ArrayBits}");
        var (die, x, y) = geometry.SiteOrigin(site);
        return new MaskCell
        {
            Name = ExportGds.BankCell(site),
            Site = site,
            Die = die,
            X = x,
            Y = y,
            Weights = weights,
            Straps = straps,
        };
    }

    private static MaskCell Array(int index, byte[] bits, MaskGeometry geometry)
    {
        var (x, y) = geometry.VectorOrigin(index);
        return new MaskCell
        {
            Name = ExportGds.VectorCell(index),
            Site = -1,
            Die = 0,
            X = x,
            Y = y,
            Weights = bits,
            Straps = [],
        };
    }

    private static int VectorArrays(MaskImage image, MaskGeometry geometry) =>
        (int)((image.VectorBytes + (geometry.ArrayBits / 8) - 1) / (geometry.ArrayBits / 8));

    private static byte[] Part(MaskImage image, MaskGeometry geometry, int index)
    {
        var from = Math.Min(index * (geometry.ArrayBits / 8), image.VectorBytes);
        var part = new byte[Math.Min(geometry.ArrayBits / 8, image.VectorBytes - from)];
        image.ReadVectors(from, part);
        return part;
    }

    // Beyond the end of the shorter one there are no vias.
    private static byte[] Xor(byte[] a, byte[] b)
    {
        var (longer, shorter) = a.Length >= b.Length ? (a, b) : (b, a);
        for (var i = 0; i < shorter.Length; i++)
            longer[i] ^= shorter[i];
        return longer;
    }
}
