using System.Buffers.Binary;
using System.Text;
using TaalasSim.ChipModel.Fabric;

namespace TaalasSim.Compiler.Export;

/// <summary>
/// Writes a GDSII stream, one cell after another; nothing but a small buffer is held. Database unit 1 nm, user unit 1 µm. Time stamps are fixed (1 January 2000), so
/// that equal layouts are equal bytes.
/// </summary>
public sealed class GdsWriter : IDisposable
{
    private readonly BufferedStream _stream;
    private readonly byte[] _record = new byte[256];
    private bool _inCell;

    /// <summary>Begins a library.</summary>
    /// <param name="stream">Target; left open.</param>
    /// <param name="library">Name of the library.</param>
    public GdsWriter(Stream stream, string library)
    {
        _stream = new BufferedStream(stream, 1 << 16);
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
        Integers(GdsRecord.Coordinates, r.Left, r.Bottom, r.Left, r.Top, r.Right, r.Top, r.Right, r.Bottom, r.Left, r.Bottom);
        Write(GdsRecord.EndElement, []);
    }

    /// <summary>Places another cell once.</summary>
    public void Reference(string cell, int x, int y)
    {
        Write(GdsRecord.StructureReference, []);
        Name(GdsRecord.ReferencedName, cell);
        Integers(GdsRecord.Coordinates, x, y);
        Write(GdsRecord.EndElement, []);
    }

    /// <summary>Places another cell <paramref name="columns"/> times along x.</summary>
    /// <param name="cell">Cell.</param>
    /// <param name="x">Place of the first.</param>
    /// <param name="y">Place of all.</param>
    /// <param name="columns">Copies, 1…32,767.</param>
    /// <param name="pitch">Distance of copies, nm.</param>
    public void Row(string cell, int x, int y, int columns, int pitch)
    {
        Write(GdsRecord.ArrayReference, []);
        Name(GdsRecord.ReferencedName, cell);
        Shorts(GdsRecord.ColumnsRows, checked((short)columns), 1);
        // Origin, origin + columns × column step, origin + rows × row step.
        Integers(GdsRecord.Coordinates, x, y, x + (columns * pitch), y, x, y + pitch);
        Write(GdsRecord.EndElement, []);
    }

    /// <summary>Ends the library and flushes it.</summary>
    public void Dispose()
    {
        Write(GdsRecord.EndLibrary, []);
        _stream.Flush();
    }

    private static void Real8(Span<byte> to, double value)
    {
        // value = mantissa / 2^56 × 16^(exponent − 64), mantissa / 2^56 in [1/16, 1).
        var exponent = 64;
        while (value < 1.0 / 16)
            (value, exponent) = (value * 16, exponent - 1);
        BinaryPrimitives.WriteUInt64BigEndian(to, ((ulong)exponent << 56) | (ulong)Math.Round(value * (1L << 56)));
    }

    private void Name(ushort type, string name)
    {
        var bytes = Encoding.ASCII.GetBytes(name.Length % 2 == 0 ? name : name + "\0");
        Write(type, bytes);
    }

    private void Shorts(ushort type, params ReadOnlySpan<short> values)
    {
        Span<byte> bytes = stackalloc byte[values.Length * 2];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt16BigEndian(bytes[(i * 2)..], values[i]);
        Write(type, bytes);
    }

    private void Integers(ushort type, params ReadOnlySpan<int> values)
    {
        Span<byte> bytes = stackalloc byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes[(i * 4)..], values[i]);
        Write(type, bytes);
    }

    private void Write(ushort type, ReadOnlySpan<byte> data)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_record, checked((ushort)(data.Length + 4)));
        BinaryPrimitives.WriteUInt16BigEndian(_record.AsSpan(2), type);
        _stream.Write(_record, 0, 4);
        _stream.Write(data);
        Bytes += data.Length + 4;
    }
}
