using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Reads the layers back from GDSII: the inverse of <see cref="ExportGds"/>.</summary>
public static class ReadMask
{
    /// <summary>Banks and arrays of the vector ROM in the order of the file.</summary>
    /// <exception cref="InputException">A via or strap is off its grid, or twice, or outside the banks; or something is drawn that is
    /// neither.</exception>
    public static IEnumerable<MaskBits> Banks(Stream stream, MaskGeometry geometry, string name)
    {
        var cells = new FlattenCells(geometry.Layers, (cell, place, what) => throw Refused(name, cell, place, what));
        foreach (var cell in GdsReader.Cells(stream, name))
        {
            if (FlattenCells.IsArray(cell.Name))
                yield return Bits(cell.Name, cells.Layers(cell), geometry, name);
            else if (ExportGds.DieOf(cell.Name) >= 0)
                NeedEmpty(cell.Name, cells.Layers(cell), name);
            else
                cells.Add(cell);
        }

        cells.Finish();
    }

    private static MaskBits Bits(string cell, (List<Rectangle> Vias, List<Rectangle> Straps) drawn, MaskGeometry geometry, string name)
    {
        var bits = new MaskBits(cell, ExportGds.SiteOf(cell), new byte[(geometry.ArrayBits + 7) / 8], new byte[DataflowLayer.SiteBytes]);
        foreach (var via in drawn.Vias)
        {
            var (x, y) = ((via.Left + via.Right) / 2, (via.Bottom + via.Top) / 2);
            Set(bits.Weights, via == geometry.Via.Moved(x, y) ? geometry.BitAt(x, y) : -1, via, "via");
        }

        foreach (var strap in drawn.Straps)
        {
            var nominal = strap == geometry.Strap.Moved(strap.Left, strap.Bottom);
            Set(bits.Straps, nominal ? geometry.StrapAt(strap.Left, strap.Bottom) : -1, strap, "strap");
        }

        return bits;

        void Set(byte[] target, long bit, Rectangle box, string what)
        {
            if (bit < 0 || bit >= target.Length * 8L || (target[bit >> 3] & (1 << (int)(bit & 7))) != 0)
                throw Refused(
                    name,
                    cell,
                    box,
                    $"a {what} of {box.Right - box.Left} × {box.Top - box.Bottom} nm is off its grid or there twice"
                );
            target[bit >> 3] |= (byte)(1 << (int)(bit & 7));
        }
    }

    private static void NeedEmpty(string die, (List<Rectangle> Vias, List<Rectangle> Straps) drawn, string name)
    {
        foreach (var box in drawn.Vias.Concat(drawn.Straps))
            throw Refused(name, die, box, "a shape is drawn in the die, outside the banks' cells");
    }

    private static InputException Refused(string name, string cell, Rectangle box, string what) =>
        new($"{name}: cell {cell} at ({box.Left}, {box.Bottom}) nm: {what}");
}
