using System.Text;

namespace TaalasSim.Support;

/// <summary>Changes inputs as a fuzzer does: bits, numbers, cut, doubled and exchanged parts, words of a dictionary.</summary>
public sealed class Mutator
{
    private static readonly ulong[] Limits =
    [
        0,
        1,
        2,
        0x7f,
        0x80,
        0xff,
        0x7fff,
        0xffff,
        0x7fffffff,
        0x80000000,
        0xffffffff,
        0x7fffffffffffffff,
        0x8000000000000000,
        0xffffffffffffffff,
        // Not a number and infinity, in both widths.
        0x7fc00000,
        0x7f800000,
        0x7ff8000000000000,
        0x7ff0000000000000,
    ];

    private static readonly string[] Numbers =
    [
        "0",
        "-1",
        "1",
        "2147483647",
        "2147483648",
        "-2147483648",
        "9223372036854775807",
        "1e308",
        "1e-308",
        "-1e308",
        ".nan",
        ".inf",
        "NaN",
        "0.5",
        "100000000",
        "1e9",
        "''",
        "null",
        "[]",
        "{}",
        "1e999",
        "4294967296",
        "18446744073709551616",
        "00",
        "0x10",
        "1_000",
        "1,5",
        "+5",
        "-0",
        "5.",
        "1e",
        "\u0661\u0662",
        "\uff11",
    ];

    // What looks like something else, turns the line, ends a text or is no text.
    private static readonly byte[][] Characters =
    [
        [0],
        [0x1b, (byte)'[', (byte)'2', (byte)'J'],
        [(byte)'\r'],
        [(byte)'\n'],
        [(byte)'\t'],
        [0x7f],
        [0xc2, 0x85],
        [0xc2, 0x9b],
        [0xc0, 0x80],
        [0xed, 0xa0, 0x80],
        [0xff],
        [0xef, 0xbb, 0xbf],
        [0xff, 0xfe],
        .. new[] { "\u202e", "\u2028", "\u200b", "\u00a0", "\ufffd", "\ud83d\ude00", "e\u0301", "\u0130", "\u00df" }.Select(
            Encoding.UTF8.GetBytes
        ),
    ];

    private readonly Random _random;
    private readonly byte[][] _words;

    /// <summary>A mutator that gives the same inputs for the same seed.</summary>
    public Mutator(int seed, IEnumerable<string> words)
    {
        _random = new Random(seed);
        _words = [.. words.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>Changes an input in one to eight places.</summary>
    /// <param name="input">What to change; it stays as it is.</param>
    /// <param name="other">Another input, for parts of it.</param>
    /// <param name="isText">Whether lines and numbers are changed as such.</param>
    /// <param name="head">Bytes at the start in which most changes fall; 0: everywhere alike.</param>
    public byte[] Change(byte[] input, byte[] other, bool isText, int head)
    {
        var bytes = input.ToList();
        for (var n = 1 + (_random.Next(4) == 0 ? _random.Next(8) : 0); n > 0 && bytes.Count > 0; n--)
        {
            var reach = head > 0 && _random.Next(8) > 0 ? Math.Min(head, bytes.Count) : bytes.Count;
            var at = _random.Next(reach);
            if (isText && _random.Next(2) == 0)
                ChangeText(bytes, at);
            else
                ChangeBytes(bytes, at, other);
        }

        return [.. bytes];
    }

    private void ChangeBytes(List<byte> bytes, int at, byte[] other)
    {
        var length = Math.Min(1 + _random.Next(1 << _random.Next(1, 10)), bytes.Count - at);
        switch (_random.Next(12))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                var value = Limits[_random.Next(Limits.Length)];
                for (var i = 0; i < 1 << _random.Next(4) && at + i < bytes.Count; i++)
                    bytes[at + i] = (byte)(value >> (8 * (i % 8)));
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6 when _words.Length > 0:
                bytes.InsertRange(at, _words[_random.Next(_words.Length)]);
                break;
            case 7 when other.Length > 0:
                var from = _random.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(length, other.Length - from)).ToArray());
                break;
            case 8:
                bytes.InsertRange(at, Characters[_random.Next(Characters.Length)]);
                break;
            case 9:
                // Two parts change places.
                var second = Math.Min(length, bytes.Count - at - length);
                bytes.Reverse(at, length + second);
                bytes.Reverse(at, second);
                bytes.Reverse(at + second, length);
                break;
            case 10:
                // The same limits, the highest byte first.
                value = Limits[_random.Next(Limits.Length)];
                var width = 2 << _random.Next(3);
                for (var i = 0; i < width && at + i < bytes.Count; i++)
                    bytes[at + i] = (byte)(value >> (8 * (width - 1 - i)));
                break;
            default:
                // A small number becomes another small number.
                bytes[at] = (byte)(bytes[at] + _random.Next(-3, 4));
                break;
        }
    }

    private void ChangeText(List<byte> bytes, int at)
    {
        bool IsDigit(int i) => i >= 0 && i < bytes.Count && (bytes[i] is >= (byte)'0' and <= (byte)'9' or (byte)'.');
        switch (_random.Next(6))
        {
            case 0 or 1:
                // The next number becomes a limit.
                while (at < bytes.Count && !IsDigit(at))
                    at++;
                while (IsDigit(at - 1))
                    at--;
                var end = at;
                while (IsDigit(end))
                    end++;
                if (at < bytes.Count)
                    bytes.RemoveRange(at, end - at);
                bytes.InsertRange(Math.Min(at, bytes.Count), Encoding.ASCII.GetBytes(Numbers[_random.Next(Numbers.Length)]));
                break;
            case 2:
                var (from, to) = Line(bytes, at);
                bytes.RemoveRange(from, to - from);
                break;
            case 3:
                // A line, or what it holds, goes to another place.
                (from, to) = Line(bytes, at);
                var moved = bytes.GetRange(from, to - from);
                bytes.RemoveRange(from, to - from);
                bytes.InsertRange(bytes.Count == 0 ? 0 : Line(bytes, _random.Next(bytes.Count)).From, moved);
                break;
            case 4:
                // Deeper or less deep.
                (from, _) = Line(bytes, at);
                if (bytes[from] == ' ')
                    bytes.RemoveAt(from);
                else
                    bytes.InsertRange(from, Enumerable.Repeat((byte)' ', 1 + _random.Next(4)));
                break;
            default:
                (from, to) = Line(bytes, at);
                bytes.InsertRange(
                    from,
                    Enumerable.Repeat(bytes.GetRange(from, to - from), _random.Next(1, 4)).SelectMany(b => b).ToArray()
                );
                break;
        }
    }

    private static (int From, int To) Line(List<byte> bytes, int at)
    {
        var from = at;
        while (from > 0 && bytes[from - 1] != '\n')
            from--;
        var to = at;
        while (to < bytes.Count && bytes[to] != '\n')
            to++;
        return (from, Math.Min(bytes.Count, to + 1));
    }
}
