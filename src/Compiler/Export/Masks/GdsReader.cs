using System.Buffers.Binary;
using System.Text;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Export.Masks;

/// <summary>
/// Reads the part of GDSII that <see cref="GdsWriter"/> writes (rectangles, references and arrays without rotation), cell by cell; memory
/// is bounded by the largest cell.
/// </summary>
public sealed class GdsReader
{
    private readonly Stream _stream;
    private readonly string _name;
    private readonly byte[] _data = new byte[ushort.MaxValue];
    private int _length;
    private long _at;

    private GdsReader(Stream stream, string name)
    {
        _stream = stream;
        _name = name;
    }

    /// <summary>Cells in the order of the file.</summary>
    /// <param name="stream">A GDSII stream with a database unit of 1 nm.</param>
    /// <param name="name">Name for messages.</param>
    /// <exception cref="InputException">Not GDSII, cut, or with elements other than rectangles and plain references.</exception>
    public static IEnumerable<GdsCell> Cells(Stream stream, string name) => new GdsReader(stream, name).Read();

    private IEnumerable<GdsCell> Read()
    {
        if (Next() != GdsRecord.Header)
            throw Fault("is not a GDSII stream");
        for (ushort type; (type = Next()) != GdsRecord.EndLibrary; )
        {
            switch (type)
            {
                case GdsRecord.BeginLibrary or GdsRecord.LibraryName:
                    break;
                case GdsRecord.Units:
                    // The database unit in metres: 1e-9 as an excess-64 hexadecimal float.
                    if (_length != 16 || BinaryPrimitives.ReadUInt64BigEndian(_data.AsSpan(8)) >> 8 != 0x3944B82FA09B5AUL)
                        throw Fault("has a database unit other than 1 nm");
                    break;
                case GdsRecord.BeginStructure:
                    yield return Cell();
                    break;
                default:
                    throw Unexpected(type);
            }
        }
    }

    private GdsCell Cell()
    {
        Expect(GdsRecord.StructureName);
        var name = Text();
        var shapes = new List<GdsShape>();
        var references = new List<GdsReference>();
        for (ushort type; (type = Next()) != GdsRecord.EndStructure; )
        {
            switch (type)
            {
                case GdsRecord.Boundary:
                    shapes.Add(Shape());
                    break;
                case GdsRecord.StructureReference:
                    Expect(GdsRecord.ReferencedName);
                    var once = Text();
                    Expect(GdsRecord.Coordinates);
                    references.Add(new GdsReference(once, Integer(0), Integer(1)));
                    Expect(GdsRecord.EndElement);
                    break;
                case GdsRecord.ArrayReference:
                    Array(references);
                    break;
                default:
                    throw Unexpected(type);
            }
        }

        return new GdsCell(name, shapes, references);
    }

    private GdsShape Shape()
    {
        Expect(GdsRecord.Layer);
        var layer = Short(0);
        Expect(GdsRecord.Datatype);
        var datatype = Short(0);
        Expect(GdsRecord.Coordinates);
        if (_length != 40)
            throw Fault("holds a polygon that is no rectangle");
        int left = int.MaxValue,
            bottom = int.MaxValue,
            right = int.MinValue,
            top = int.MinValue;
        for (var i = 0; i < 10; i += 2)
        {
            (left, right) = (Math.Min(left, Integer(i)), Math.Max(right, Integer(i)));
            (bottom, top) = (Math.Min(bottom, Integer(i + 1)), Math.Max(top, Integer(i + 1)));
            if (i > 0 && Integer(i) != Integer(i - 2) == (Integer(i + 1) != Integer(i - 1)))
                throw Fault("holds a polygon that is no rectangle");
        }

        Expect(GdsRecord.EndElement);
        return new GdsShape(layer, datatype, new Rectangle(left, bottom, right, top));
    }

    private void Array(List<GdsReference> references)
    {
        Expect(GdsRecord.ReferencedName);
        var cell = Text();
        Expect(GdsRecord.ColumnsRows);
        int columns = Short(0),
            rows = Short(1);
        Expect(GdsRecord.Coordinates);
        if (columns <= 0 || rows != 1 || (Integer(2) - (long)Integer(0)) % columns != 0 || Integer(3) != Integer(1))
            throw Fault($"holds an array of {columns} by {rows} that is not one row");
        var (x, y, pitch) = (Integer(0), Integer(1), (int)((Integer(2) - (long)Integer(0)) / columns));
        for (var c = 0; c < columns; c++)
            references.Add(new GdsReference(cell, x + (c * pitch), y));
        Expect(GdsRecord.EndElement);
    }

    private ushort Next()
    {
        Span<byte> head = stackalloc byte[4];
        if (_stream.ReadAtLeast(head, 4, throwOnEndOfStream: false) < 4)
            throw Fault("ends without an end-of-library record; the file is cut");
        _length = BinaryPrimitives.ReadUInt16BigEndian(head) - 4;
        if (
            _length < 0
            || _stream.ReadAtLeast(_data.AsSpan(0, Math.Max(0, _length)), Math.Max(0, _length), throwOnEndOfStream: false) < _length
        )
            throw Fault("ends within a record; the file is cut");
        _at += _length + 4;
        return BinaryPrimitives.ReadUInt16BigEndian(head[2..]);
    }

    private void Expect(ushort wanted)
    {
        var type = Next();
        if (type != wanted)
            throw Unexpected(type);
    }

    private string Text()
    {
        var text = _data.AsSpan(0, _length).TrimEnd((byte)0);
        return text.Length > 0 && text.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0
            ? Encoding.ASCII.GetString(text)
            : throw Fault("has a name that is not printable");
    }

    private short Short(int index) =>
        (index * 2) + 2 <= _length
            ? BinaryPrimitives.ReadInt16BigEndian(_data.AsSpan(index * 2))
            : throw Fault("has a record that is too short");

    private int Integer(int index) =>
        (index * 4) + 4 <= _length
            ? BinaryPrimitives.ReadInt32BigEndian(_data.AsSpan(index * 4))
            : throw Fault("has a record that is too short");

    private InputException Unexpected(ushort type) => Fault($"has record 0x{type:x4} where none of that type can be read");

    private InputException Fault(string what) => new($"{_name}: {what} (near byte {_at})");
}
