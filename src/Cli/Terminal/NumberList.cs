using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Cli.Terminal;

/// <summary>Lists of whole numbers as llama-bench reads them: commas between, and ranges <c>a-b</c>, <c>a-b+step</c>,
/// <c>a-b*factor</c>.</summary>
internal static class NumberList
{
    private const int Most = 1000;

    /// <summary>Numbers in the order written.</summary>
    /// <exception cref="InputException">Not such a list, or more than a thousand numbers.</exception>
    public static IReadOnlyList<int> Parse(string option, string text)
    {
        var list = new List<int>();
        foreach (var part in text.Split(','))
        {
            InputException Fault() =>
                new(
                    $"{option} '{text}': use numbers from 0 such as 128,512 or ranges such as 64-256, 64-256+64 or 64-512*2, at most "
                        + $"{Most} in all"
                );
            int Number(ReadOnlySpan<char> digits) =>
                int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= 1 << 24 ? n : throw Fault();
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (dash < 0)
            {
                list.Add(Number(part.AsSpan().Trim()));
                continue;
            }

            var sign = part.AsSpan(dash).IndexOfAny('+', '*');
            var end = sign < 0 ? part.Length : dash + sign;
            int from = Number(part.AsSpan(0, dash).Trim()),
                to = Number(part.AsSpan(dash + 1, end - dash - 1).Trim()),
                by = sign < 0 ? 1 : Number(part.AsSpan(end + 1).Trim());
            var multiply = sign >= 0 && part[end] == '*';
            if (to < from || by < (multiply ? 2 : 1) || (multiply && from == 0))
                throw Fault();
            for (long n = from; n <= to; n = multiply ? n * by : n + by)
            {
                list.Add((int)n);
                if (list.Count > Most)
                    throw Fault();
            }
        }

        return list;
    }
}
