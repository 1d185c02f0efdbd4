using System.Buffers.Binary;
using System.Text;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Compiler.Export.Masks;

/// <summary>
/// Writes a GDSII stream, one cell after another; nothing but a small buffer is held. Database unit 1 nm, user unit 1 µm. Time stamps are
/// fixed (1 January 2000), so that equal layouts are equal bytes.
/// </summary>
public sealed class GdsWriter : IDisposable
{
    // Length and type of a record; an end-of-element record is nothing else.
    private const int HeadBytes = 4;

    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _used;
    private bool _inCell;

    // First records of the last reference and of the last array: nearly all elements place the same cell.
    private (string Cell, byte[] Records) _reference = ("", []);
    private (string Cell, byte[] Records) _row = ("", []);

    /// <summary>Begins a library.</summary>
    /// <param name="stream">Target; left open.</param>
    /// <param name="library">Name of the library.</param>
    public GdsWriter(Stream stream, string library)
    {
        _stream = stream;
        Shorts(GdsRecord.Header, 600);
        Shorts(GdsRecord.BeginLibrary, Time);
        Name(GdsRecord.LibraryName, library);
        Span<byte> units = stackalloc byte[16];
        // One database unit in user units (1e-3), then in metres (1e-9), as excess-64 hexadecimal floats.
        Real8(units, 1e-3);
        Real8(units[8..], 1e-9);
        Write(GdsRecord.Units, units);
    }

    /// <summary>Bytes written so far.</summary>
    public long Bytes { get; private set; }

    private static ReadOnlySpan<short> Time => [2000, 1, 1, 0, 0, 0, 2000, 1, 1, 0, 0, 0];

    /// <summary>Begins a cell.</summary>
    public void BeginCell(string name)
    {
        if (_inCell)
            throw new InvalidOperationException("cells do not nest");
        _inCell = true;
        Shorts(GdsRecord.BeginStructure, Time);
        Name(GdsRecord.StructureName, name);
    }

    /// <summary>Ends the cell.</summary>
    public void EndCell()
    {
        _inCell = false;
        Write(GdsRecord.EndStructure, []);
    }

    /// <summary>Draws a rectangle in the cell.</summary>
    public void Rectangle(GdsLayer layer, Rectangle r)
    {
        Write(GdsRecord.Boundary, []);
        Shorts(GdsRecord.Layer, checked((short)layer.Layer));
        Shorts(GdsRecord.Datatype, checked((short)layer.Datatype));
        Element(Take(HeadBytes + 40 + HeadBytes), r.Left, r.Bottom, r.Left, r.Top, r.Right, r.Top, r.Right, r.Bottom, r.Left, r.Bottom);
    }

    /// <summary>Places another cell once.</summary>
    public void Reference(string cell, int x, int y)
    {
        if (_reference.Cell != cell)
            _reference = (cell, Records(GdsRecord.StructureReference, cell));
        var at = Take(_reference.Records.Length + HeadBytes + 8 + HeadBytes);
        _reference.Records.CopyTo(at);
        Element(at[_reference.Records.Length..], x, y);
    }

    /// <summary>Places another cell <paramref name="columns"/> times along x.</summary>
    /// <param name="cell">Cell.</param>
    /// <param name="x">Place of the first.</param>
    /// <param name="y">Place of all.</param>
    /// <param name="columns">Copies, 1…32,767.</param>
    /// <param name="pitch">Distance of copies, nm.</param>
    public void Row(string cell, int x, int y, int columns, int pitch)
    {
        if (_row.Cell != cell)
            _row = (cell, Records(GdsRecord.ArrayReference, cell));
        var at = Take(_row.Records.Length + HeadBytes + 4 + HeadBytes + 24 + HeadBytes);
        _row.Records.CopyTo(at);
        at = at[_row.Records.Length..];
        Head(at, GdsRecord.ColumnsRows, 4);
        BinaryPrimitives.WriteInt16BigEndian(at[4..], checked((short)columns));
        BinaryPrimitives.WriteInt16BigEndian(at[6..], 1);
        // Origin, origin + columns × column step, origin + rows × row step.
        Element(at[8..], x, y, x + (columns * pitch), y, x, y + pitch);
    }

    /// <summary>Ends the library and flushes it.</summary>
    public void Dispose()
    {
        Write(GdsRecord.EndLibrary, []);
        Drain();
        _stream.Flush();
    }

    // The records that begin an element which places that cell.
    private static byte[] Records(ushort element, string cell)
    {
        var name = Padded(cell);
        var records = new byte[HeadBytes + HeadBytes + name.Length];
        Head(records, element, 0);
        Head(records.AsSpan(HeadBytes), GdsRecord.ReferencedName, name.Length);
        name.CopyTo(records, 2 * HeadBytes);
        return records;
    }

    // Coordinates and the end of the element.
    private static void Element(Span<byte> at, params ReadOnlySpan<int> coordinates)
    {
        Head(at, GdsRecord.Coordinates, 4 * coordinates.Length);
        for (var i = 0; i < coordinates.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(at[(HeadBytes + (4 * i))..], coordinates[i]);
        Head(at[(HeadBytes + (4 * coordinates.Length))..], GdsRecord.EndElement, 0);
    }

    private static void Head(Span<byte> at, ushort type, int data)
    {
        BinaryPrimitives.WriteUInt16BigEndian(at, checked((ushort)(data + HeadBytes)));
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], type);
    }

    // Names have an even number of bytes.
    private static byte[] Padded(string name) => Encoding.ASCII.GetBytes(GdsText.Name(name).Length % 2 == 0 ? name : name + "\0");

    private static void Real8(Span<byte> to, double value)
    {
        // value = mantissa / 2^56 × 16^(exponent − 64), mantissa / 2^56 in [1/16, 1).
        var exponent = 64;
        while (value < 1.0 / 16)
            (value, exponent) = (value * 16, exponent - 1);
        BinaryPrimitives.WriteUInt64BigEndian(to, ((ulong)exponent << 56) | (ulong)Math.Round(value * (1L << 56)));
    }

    private void Name(ushort type, string name) => Write(type, Padded(name));

    private void Shorts(ushort type, params ReadOnlySpan<short> values)
    {
        Span<byte> bytes = stackalloc byte[values.Length * 2];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt16BigEndian(bytes[(i * 2)..], values[i]);
        Write(type, bytes);
    }

    private void Write(ushort type, ReadOnlySpan<byte> data)
    {
        var at = Take(HeadBytes + data.Length);
        Head(at, type, data.Length);
        data.CopyTo(at[HeadBytes..]);
    }

    private Span<byte> Take(int bytes)
    {
        if (_used + bytes > _buffer.Length)
            Drain();
        var at = _buffer.AsSpan(_used, bytes);
        _used += bytes;
        Bytes += bytes;
        return at;
    }

    private void Drain()
    {
        _stream.Write(_buffer, 0, _used);
        _used = 0;
    }
}
