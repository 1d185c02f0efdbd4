using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace TaalasSim.Server.Tests.Telemetry;

/// <summary>A protobuf message by field numbers: as much of the wire format as spans and metrics need.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

    /// <summary>Reads a message.</summary>
    public static ProtobufMessage Of(byte[] data)
    {
        var message = new ProtobufMessage();
        for (var at = 0; at < data.Length; )
        {
            var key = Varint(data, ref at);
            var field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    message._fields.Add((field, Varint(data, ref at), []));
                    break;
                case 1:
                    message._fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(at)), []));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(data, ref at);
                    message._fields.Add((field, 0, data[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7}");
            }
        }
        return message;
    }

    /// <summary>Messages at the end of a path of fields.</summary>
    public IEnumerable<ProtobufMessage> Children(params int[] path) =>
        path.Length == 0 ? [this] : _fields.Where(f => f.Field == path[0]).SelectMany(f => Of(f.Bytes).Children(path[1..]));

    /// <summary>Bytes of a field; none when it is absent.</summary>
    public byte[] Bytes(int field) => _fields.Find(f => f.Field == field).Bytes ?? [];

    /// <summary>Text of a field.</summary>
    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    /// <summary>An AnyValue: string 1, bool 2, int 3, double 4.</summary>
    public string Value()
    {
        var (field, number, bytes) = _fields.Single();
        return field switch
        {
            1 => Encoding.UTF8.GetString(bytes),
            4 => BitConverter.UInt64BitsToDouble(number).ToString("R", CultureInfo.InvariantCulture),
            _ => number.ToString(CultureInfo.InvariantCulture),
        };
    }

    private static ulong Varint(byte[] data, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = data[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
