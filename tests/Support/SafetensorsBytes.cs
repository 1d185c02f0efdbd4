using System.Buffers.Binary;
using System.Text;

namespace TaalasSim.Support;

/// <summary>Builds safetensors files, well-formed or not.</summary>
public static class SafetensorsBytes
{
    /// <summary>A file of a header text and so many bytes of data.</summary>
    public static byte[] File(string header, int data) => File(Encoding.UTF8.GetBytes(header), new byte[data]);

    /// <summary>A file of a header and data.</summary>
    public static byte[] File(byte[] header, byte[] data) => [.. Length((ulong)header.Length), .. header, .. data];

    /// <summary>A length as the file begins with it.</summary>
    public static byte[] Length(ulong length)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    }

    /// <summary>A well-formed file of F32 tensors, each value the tensor's number plus its own times 1/64.</summary>
    public static byte[] Of(params (string Name, long[] Shape)[] tensors)
    {
        var (head, data, number) = (new List<string>(), new List<byte>(), 0);
        foreach (var (name, shape) in tensors)
        {
            var (from, count) = (data.Count, shape.Aggregate(1L, (a, b) => a * b));
            for (var i = 0; i < count; i++)
                data.AddRange(BitConverter.GetBytes(number + (i / 64f)));
            head.Add(
                $"\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(",", shape)}]," + $"\"data_offsets\":[{from},{data.Count}]}}"
            );
            number++;
        }

        return File(Encoding.UTF8.GetBytes($"{{{string.Join(",", head)}}}"), [.. data]);
    }

    /// <summary>A well-formed file with further tensors of bytes behind its own.</summary>
    public static byte[] Join(byte[] file, params (string Name, long[] Shape, byte[] Bytes)[] more)
    {
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        var head = Encoding.UTF8.GetString(file, sizeof(ulong), length)[..^1];
        var data = file[(sizeof(ulong) + length)..].ToList();
        foreach (var (name, shape, bytes) in more)
        {
            head +=
                $",\"{name}\":{{\"dtype\":\"U8\",\"shape\":[{string.Join(",", shape)}],"
                + $"\"data_offsets\":[{data.Count},{data.Count + bytes.Length}]}}";
            data.AddRange(bytes);
        }

        return File(Encoding.UTF8.GetBytes(head + "}"), [.. data]);
    }
}
