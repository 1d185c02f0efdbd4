namespace TaalasSim.ChipModel.Files;

/// <summary>Finds the name that a mistyped one was probably meant to be.</summary>
public static class NearestName
{
    /// <summary>The nearest of some names, without regard to case; null when none is near.</summary>
    /// <param name="name">What was typed.</param>
    /// <param name="known">Names to choose from; of equally near ones the first in ordinal order is taken.</param>
    public static string? Of(string name, IEnumerable<string> known)
    {
        var typed = name.ToLowerInvariant();
        // One slip in short names, one in three letters of longer ones.
        var most = Math.Max(1, typed.Length / 3);
        return known
            .Select(candidate => (Candidate: candidate, Slips: Slips(typed, candidate.ToLowerInvariant(), most)))
            .Where(pair => pair.Slips <= most)
            .OrderBy(pair => pair.Slips)
            .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
            .Select(pair => pair.Candidate)
            .FirstOrDefault();
    }

    /// <summary>Words for the end of a message: <c>"; did you mean 'llama-3.1-8b'?"</c>, or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> known) => Of(name, known) is { } near ? $"; did you mean '{near}'?" : "";

    // Insertions, deletions, replacements and swaps of neighbours (optimal string alignment), up to a bound.
    private static int Slips(string a, string b, int most)
    {
        // A name that begins another is near it however long the rest: "llama-3.1" for "llama-3.1-8b"; a short one where little is
        // left: "q8" for "q8_0".
        if (b.StartsWith(a, StringComparison.Ordinal) && a.Length >= (b.Length - a.Length <= 2 ? 2 : 4))
            return 1;
        if (Math.Abs(a.Length - b.Length) > most)
            return most + 1;
        var (before, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last, row) = (last, row, before);
        }
        return last[b.Length];
    }
}
