using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Compiler.Conversion;

/// <summary>The pieces of a SentencePiece model (tokenizer.model): field 1 of a protobuf message, each with text, score and type.</summary>
internal sealed class SentencePieceModel
{
    private const int Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5;

    // The largest public ones take about 5 MB.
    private const long MostBytes = 256L << 20;

    private readonly byte[] _data;
    private readonly string _path;
    private readonly List<(string Text, float Score, int Type)> _pieces = [];
    private int _at;

    private SentencePieceModel(string path, byte[] data) => (_path, _data) = (path, data);

    /// <summary>Text, score and type (1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte) by id.</summary>
    public IReadOnlyList<(string Text, float Score, int Type)> Pieces => _pieces;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It is no SentencePiece model.</exception>
    public static SentencePieceModel Read(string path)
    {
        var model = new SentencePieceModel(path, RegularFile.ReadBytes(path, MostBytes, "a SentencePiece model"));
        model.ReadMessage(0, model._data.Length, (field, wire) =>
        {
            if ((field, wire) != (1, Bytes))
                return false;
            model.ReadPiece();
            return true;
        });
        if (model._pieces.Count == 0)
            throw new InputException($"{path}: holds no piece, so it is no SentencePiece model; fetch the file again");
        return model;
    }

    private void ReadPiece()
    {
        if (_pieces.Count >= TokenizerData.MostTokens)
            throw Fault($"has more than {TokenizerData.MostTokens} pieces");
        var length = ReadLength();
        var (text, score, type) = ("", 0f, 1);
        ReadMessage(_at, _at + length, (field, wire) =>
        {
            switch (field, wire)
            {
                case (1, Bytes):
                    text = ReadText();
                    return true;
                case (2, Fixed32):
                    score = BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));
                    return true;
                case (3, Varint):
                    type = (int)Math.Min(ReadVarint(), int.MaxValue);
                    return true;
                default:
                    return false;
            }
        });
        if (type is < 1 or > 6 || float.IsNaN(score))
            throw Fault($"piece {_pieces.Count} has type {type} and score {score}");
        _pieces.Add((text, score, type));
    }

    // Calls known with each field; a field that it does not take is passed over.
    private void ReadMessage(int start, int end, Func<int, int, bool> known)
    {
        for (_at = start; _at < end; )
        {
            var tag = ReadVarint();
            var (field, wire) = ((int)Math.Min(tag >> 3, int.MaxValue), (int)(tag & 7));
            if (field == 0)
                throw Fault("a field has number 0");
            if (!known(field, wire))
                Skip(wire);
            if (_at > end)
                throw Fault("a field is longer than its message");
        }
    }

    private void Skip(int wire)
    {
        if (wire == Varint)
            ReadVarint();
        else
            Take(
                wire switch
                {
                    Fixed64 => sizeof(ulong),
                    Fixed32 => sizeof(uint),
                    Bytes => ReadLength(),
                    _ => throw Fault($"a field has wire type {wire}"),
                }
            );
    }

    private string ReadText()
    {
        var text = Take(ReadLength());
        if (!Utf8.IsValid(text))
            throw Fault($"piece {_pieces.Count} is not UTF-8");
        return text.Length <= TokenizerData.LongestTokenText
            ? Encoding.UTF8.GetString(text)
            : throw Fault($"piece {_pieces.Count} has {text.Length} bytes");
    }

    private int ReadLength() =>
        ReadVarint() is var length && length <= (ulong)(_data.Length - _at) ? (int)length : throw Fault("a length reaches beyond the file");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _data.Length - _at)
            throw Fault("ends in the middle of a field");
        var bytes = _data.AsSpan(_at, count);
        _at += count;
        return bytes;
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw Fault("a number has more than ten bytes");
    }

    private InputException Fault(string what) => new($"{_path}: byte {_at}: is no SentencePiece model: {what}; fetch the file again");
}
