using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Reads the layers back from GDSII: the inverse of <see cref="ExportGds"/>.</summary>
public static class ReadMask
{
    /// <summary>Banks and arrays of the vector ROM in the order of the file.</summary>
    /// <exception cref="InputException">A via or strap stands off its grid, or twice.</exception>
    public static IEnumerable<MaskBits> Banks(Stream stream, MaskGeometry geometry, string name)
    {
        foreach (var cell in GdsReader.Cells(stream, name))
        {
            var site = ExportGds.SiteOf(cell.Name);
            if (site >= 0 || ExportGds.VectorArrayOf(cell.Name) >= 0)
                yield return Bits(cell, site, geometry, name);
        }
    }

    private static MaskBits Bits(GdsCell cell, int site, MaskGeometry geometry, string name)
    {
        var bits = new MaskBits(cell.Name, site, new byte[(geometry.ArrayBits + 7) / 8], new byte[DataflowLayer.SiteBytes]);
        foreach (var reference in cell.References)
        {
            var (target, bit) = reference.Cell switch
            {
                ExportGds.ViaCell => (bits.Weights, geometry.BitAt(reference.X, reference.Y)),
                ExportGds.StrapCell => (bits.Straps, geometry.StrapAt(reference.X, reference.Y)),
                _ => throw new InputException($"{name}: cell {cell.Name} places {reference.Cell}, which is neither via nor strap"),
            };
            if (bit < 0 || bit >= target.Length * 8L || (target[bit >> 3] & (1 << (int)(bit & 7))) != 0)
                throw new InputException(
                    $"{name}: cell {cell.Name}: {reference.Cell} at ({reference.X}, {reference.Y}) nm is off its grid or there twice"
                );
            target[bit >> 3] |= (byte)(1 << (int)(bit & 7));
        }

        return bits;
    }
}
