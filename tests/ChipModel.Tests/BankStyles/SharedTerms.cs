namespace TaalasSim.ChipModel.Tests.BankStyles;

/// <summary>Adders of a constant matrix whose outputs share expressions of two terms, found greedily: the pair that most outputs have
/// becomes an adder of its own, until no pair comes up twice.</summary>
internal sealed class SharedTerms
{
    private readonly record struct Term(int Node, int Shift, int Sign);

    private readonly record struct Pair(int First, int Second, int Shift, int Sign);

    private readonly Dictionary<Pair, int> _counts = [];
    private readonly PriorityQueue<(Pair Pair, int Count), (int, int, int, int, int)> _common = new();

    private SharedTerms(List<Term>[] outputs)
    {
        foreach (var output in outputs)
            for (var a = 0; a < output.Count; a++)
            for (var b = 0; b < a; b++)
                Count(Between(output[a], output[b]));
    }

    /// <summary>Adders per weight of a matrix of 3-bit codes of Gaussian weights, one step a standard deviation.</summary>
    /// <param name="inputs">Inputs.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <param name="shared">Whether pairs are shared.</param>
    public static double AddersPerWeight(int inputs, int outputs, int seed, bool shared)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, outputs).Select(_ => Row(random, inputs)).ToArray();
        var adders = 0;
        var terms = shared ? new SharedTerms(rows) : null;
        while (terms?.MostCommon() is { } pair)
        {
            foreach (var row in rows)
                terms.Replace(row, pair, inputs + adders);
            terms._counts.Remove(pair);
            adders++;
        }

        return (adders + rows.Sum(o => Math.Max(0, o.Count - 1))) / ((double)inputs * outputs);
    }

    private static List<Term> Row(Random random, int size)
    {
        var row = new List<Term>();
        for (var i = 0; i < size; i++)
        {
            var gauss = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var code = Math.Clamp((int)Math.Round(gauss), -3, 3);
            // Signed digits: 3 is 4 − 1.
            for (var shift = 0; code != 0; shift++, code /= 2)
            {
                if (code % 2 == 0)
                    continue;
                var digit = 2 - (((code % 4) + 4) % 4);
                row.Add(new Term(i, shift, digit));
                code -= digit;
            }
        }

        return row;
    }

    // Counts only fall behind what the queue says, so an entry that is out of date comes again with its own count.
    private Pair? MostCommon()
    {
        while (_common.TryDequeue(out var entry, out _))
        {
            var now = _counts.GetValueOrDefault(entry.Pair);
            if (now == entry.Count)
                return entry.Pair;
            if (now > 1)
                Offer(entry.Pair, now);
        }

        return null;
    }

    private void Count(Pair pair)
    {
        var now = _counts[pair] = _counts.GetValueOrDefault(pair) + 1;
        if (now > 1)
            Offer(pair, now);
    }

    // The most first; among equal ones the first nodes.
    private void Offer(Pair pair, int count) => _common.Enqueue((pair, count), (-count, pair.First, pair.Second, pair.Shift, pair.Sign));

    private static Pair Between(Term a, Term b)
    {
        if ((a.Node, a.Shift).CompareTo((b.Node, b.Shift)) > 0)
            (a, b) = (b, a);
        return new Pair(a.Node, b.Node, b.Shift - a.Shift, a.Sign * b.Sign);
    }

    private void Replace(List<Term> output, Pair pair, int node)
    {
        foreach (var first in output.Where(t => t.Node == pair.First).ToArray())
        {
            var second = new Term(pair.Second, first.Shift + pair.Shift, first.Sign * pair.Sign);
            if (first == second || !output.Contains(first) || !output.Contains(second))
                continue;
            Remove(output, first);
            Remove(output, second);
            var sum = new Term(node, first.Shift, first.Sign);
            foreach (var other in output)
                Count(Between(other, sum));
            output.Add(sum);
        }
    }

    private void Remove(List<Term> output, Term term)
    {
        output.Remove(term);
        foreach (var other in output)
            _counts[Between(other, term)]--;
    }
}
