namespace TaalasSim.ChipModel.Tests.BankStyles;

/// <summary>Adders of a constant matrix whose outputs share expressions of two terms, found greedily: the pair that most outputs have
/// becomes an adder of its own, until no pair comes up twice.</summary>
internal static class SharedTerms
{
    private readonly record struct Term(int Node, int Shift, int Sign);

    private readonly record struct Pair(int First, int Second, int Shift, int Sign);

    /// <summary>Adders per weight of a square matrix of 3-bit codes of Gaussian weights, one step a standard deviation.</summary>
    /// <param name="size">Inputs and outputs.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <param name="shared">Whether pairs are shared.</param>
    public static double AddersPerWeight(int size, int seed, bool shared)
    {
        var random = new Random(seed);
        var outputs = Enumerable.Range(0, size).Select(_ => Row(random, size)).ToArray();
        var adders = 0;
        var next = size;
        while (shared && MostCommon(outputs) is { } pair)
        {
            foreach (var output in outputs)
                Replace(output, pair, next);
            next++;
            adders++;
        }

        return (adders + outputs.Sum(o => Math.Max(0, o.Count - 1))) / (double)(size * size);
    }

    private static HashSet<Term> Row(Random random, int size)
    {
        var row = new HashSet<Term>();
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

    private static Pair? MostCommon(IEnumerable<HashSet<Term>> outputs)
    {
        var counts = new Dictionary<Pair, int>();
        foreach (var output in outputs)
        {
            var terms = output.ToArray();
            for (var a = 0; a < terms.Length; a++)
            for (var b = 0; b < a; b++)
            {
                var pair = Between(terms[a], terms[b]);
                counts[pair] = counts.GetValueOrDefault(pair) + 1;
            }
        }

        var best = counts
            .OrderByDescending(c => c.Value)
            .ThenBy(c => (c.Key.First, c.Key.Second, c.Key.Shift, c.Key.Sign))
            .FirstOrDefault();
        return best.Value > 1 ? best.Key : null;
    }

    private static Pair Between(Term a, Term b)
    {
        if ((a.Node, a.Shift).CompareTo((b.Node, b.Shift)) > 0)
            (a, b) = (b, a);
        return new Pair(a.Node, b.Node, b.Shift - a.Shift, a.Sign * b.Sign);
    }

    private static void Replace(HashSet<Term> output, Pair pair, int node)
    {
        foreach (var first in output.Where(t => t.Node == pair.First).ToArray())
        {
            var second = new Term(pair.Second, first.Shift + pair.Shift, first.Sign * pair.Sign);
            if (first == second || !output.Contains(first) || !output.Remove(second))
                continue;
            output.Remove(first);
            output.Add(new Term(node, first.Shift, first.Sign));
        }
    }
}
