using System.Buffers.Binary;
using System.Text;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Export.Masks;

/// <summary>
/// Reads the part of GDSII whose shapes are axis-parallel rectangles, cell by cell: polygons, boxes and paths that are rectangles, and
/// references and arrays of cells in quarter turns. Everything else is refused by cell and place, texts excepted, which are no shapes.
/// Memory is bounded by the largest cell.
/// </summary>
public sealed class GdsReader
{
    // More than the vias of any bank.
    private const int MostReferences = 1 << 26;

    private readonly Stream _stream;
    private readonly string _name;
    private readonly byte[] _data = new byte[ushort.MaxValue];
    private readonly GdsElement _element = new();
    private string _cell = "";
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
        _cell = Text();
        var shapes = new List<GdsShape>();
        var references = new List<GdsReference>();
        for (ushort type; (type = Next()) != GdsRecord.EndStructure; )
        {
            if (
                type
                is not (
                    GdsRecord.Boundary
                    or GdsRecord.Box
                    or GdsRecord.Path
                    or GdsRecord.StructureReference
                    or GdsRecord.ArrayReference
                    or GdsRecord.Text
                )
            )
                throw Unexpected(type);
            Element();
            switch (type)
            {
                case GdsRecord.Boundary or GdsRecord.Box:
                    shapes.Add(Shape(_element.Polygon(), "polygon"));
                    break;
                case GdsRecord.Path:
                    shapes.Add(Shape(_element.Path(), "path"));
                    break;
                case GdsRecord.StructureReference:
                    Need(_element.Coordinates.Count == 2 && _element.Cell.Length > 0, "holds a reference without a cell or a place");
                    references.Add(new GdsReference(_element.Cell, _element.Coordinates[0], _element.Coordinates[1], _element.Turn));
                    break;
                case GdsRecord.ArrayReference:
                    Array(references);
                    break;
            }
        }

        var cell = new GdsCell(_cell, shapes, references);
        _cell = "";
        return cell;
    }

    // All records of an element up to its end.
    private void Element()
    {
        _element.Clear();
        for (ushort type; (type = Next()) != GdsRecord.EndElement; )
            switch (type)
            {
                case GdsRecord.Layer:
                    _element.Layer = Short(0);
                    break;
                case GdsRecord.Datatype or GdsRecord.BoxType:
                    _element.Datatype = Short(0);
                    break;
                case GdsRecord.Coordinates:
                    Need(_element.Coordinates.Count == 0 && _length % 8 == 0, "holds an element with two lists of points or half a point");
                    for (var i = 0; i < _length / 4; i++)
                        _element.Coordinates.Add(Integer(i));
                    break;
                case GdsRecord.ReferencedName:
                    _element.Cell = Text();
                    break;
                case GdsRecord.ColumnsRows:
                    (_element.Columns, _element.Rows) = (Short(0), Short(1));
                    break;
                case GdsRecord.Width:
                    _element.Width = Math.Abs(Integer(0));
                    break;
                case GdsRecord.PathType:
                    _element.PathType = Short(0);
                    break;
                case GdsRecord.BeginExtension:
                    _element.BeginExtension = Integer(0);
                    break;
                case GdsRecord.EndExtension:
                    _element.EndExtension = Integer(0);
                    break;
                case GdsRecord.Transformation:
                    var bits = (ushort)Short(0);
                    Need((bits & 0x7fff) == 0, "places a cell with an absolute angle or magnification");
                    _element.Turn = _element.Turn with { Mirrored = bits != 0 };
                    break;
                case GdsRecord.Magnification:
                    Need(Real() == 1, "magnifies a cell");
                    break;
                case GdsRecord.Angle:
                    Need(Real() % 90 == 0, "places a cell at an angle that is no quarter turn");
                    _element.Turn = _element.Turn with { Quarters = (byte)((((int)(Real() / 90) % 4) + 4) % 4) };
                    break;
                // Without meaning for the shapes.
                case GdsRecord.ElementFlags
                or GdsRecord.Plex
                or GdsRecord.PropertyNumber
                or GdsRecord.PropertyValue
                or GdsRecord.TextType
                or GdsRecord.Presentation
                or GdsRecord.String:
                    break;
                default:
                    throw Unexpected(type);
            }
    }

    private GdsShape Shape(Rectangle? box, string form)
    {
        Need(_element.Coordinates.Count > 0 && _element.Layer >= 0 && _element.Datatype >= 0, $"holds a {form} without layer or points");
        var place = $"({_element.Coordinates[0]}, {_element.Coordinates[1]}) nm";
        Need(box is not null, $"holds a {form} on layer {_element.Layer}/{_element.Datatype} at {place} that is no rectangle");
        return new GdsShape(_element.Layer, _element.Datatype, box!.Value);
    }

    private void Array(List<GdsReference> references)
    {
        var (columns, rows, xy) = (_element.Columns, _element.Rows, _element.Coordinates);
        Need(
            columns > 0 && rows > 0 && xy.Count == 6 && _element.Cell.Length > 0,
            "holds an array without a cell, a size or its three points"
        );
        Need(references.Count + ((long)columns * rows) <= MostReferences, $"places more than {MostReferences} cells");
        long acrossX = (long)xy[2] - xy[0],
            acrossY = (long)xy[3] - xy[1],
            upX = (long)xy[4] - xy[0],
            upY = (long)xy[5] - xy[1];
        Need(
            acrossX % columns == 0 && acrossY % columns == 0 && upX % rows == 0 && upY % rows == 0,
            $"holds an array of {columns} by {rows} at ({xy[0]}, {xy[1]}) nm whose steps are no whole nanometres"
        );
        for (var r = 0; r < rows; r++)
        for (var c = 0; c < columns; c++)
            references.Add(
                new GdsReference(
                    _element.Cell,
                    checked((int)(xy[0] + (c * (acrossX / columns)) + (r * (upX / rows)))),
                    checked((int)(xy[1] + (c * (acrossY / columns)) + (r * (upY / rows)))),
                    _element.Turn
                )
            );
    }

    private void Need(bool ok, string what)
    {
        if (!ok)
            throw Fault(what);
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

    // Excess-64 hexadecimal floating point: sign, seven bits of exponent, 56 of mantissa.
    private double Real()
    {
        if (_length < 8)
            throw Fault("has a record that is too short");
        var bits = BinaryPrimitives.ReadUInt64BigEndian(_data);
        var value = (bits & 0x00ff_ffff_ffff_ffff) * Math.Pow(16, (int)((bits >> 56) & 0x7f) - 64 - 14);
        return bits >> 63 == 0 ? value : -value;
    }

    private InputException Unexpected(ushort type) => Fault($"has record 0x{type:x4} where none of that type can be read");

    private InputException Fault(string what) => new($"{_name}: {(_cell.Length > 0 ? $"cell {_cell} " : "")}{what} (near byte {_at})");
}
