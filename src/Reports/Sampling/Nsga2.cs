namespace TaalasSim.Reports.Sampling;

/// <summary>
/// The genetic search NSGA-II: K. Deb, A. Pratap, S. Agarwal, T. Meyarivan, A fast and elitist multiobjective genetic algorithm, IEEE
/// Trans. Evol. Comput. 6, 2002. Parents are chosen by tournament on rank and crowding, children made by simulated binary crossover and
/// polynomial mutation, and of parents and children the best ranks survive, the least crowded first. Candidates that violate constraints
/// rank behind those that do not, by how far. The same seed gives the same search.
/// </summary>
public sealed class Nsga2
{
    // Of the paper's runs with real numbers: probability of crossover, and the distribution indices of both operators.
    private const double CrossoverProbability = 0.9,
        CrossoverIndex = 20,
        MutationIndex = 20;

    // Apart from the dimensions of the first generation.
    private const int Stream = -1;

    private readonly int _dimensions;
    private readonly int _population;
    private readonly ulong _seed;
    private int _drawn;

    /// <summary>Prepares a search.</summary>
    /// <param name="dimensions">Genes of a candidate, at least 1.</param>
    /// <param name="population">Candidates of a generation, at least 4 and even.</param>
    /// <param name="seed">Seed.</param>
    public Nsga2(int dimensions, int population, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(population, 4);
        (_dimensions, _population, _seed) = (dimensions, population, seed);
    }

    /// <summary>The first generation: a Latin hypercube.</summary>
    public double[][] First()
    {
        var sample = new LatinHypercube(_dimensions, _population, _seed);
        var genes = new double[_population][];
        for (var i = 0; i < _population; i++)
            sample.At(i, genes[i] = new double[_dimensions]);
        return genes;
    }

    /// <summary>Children of a generation.</summary>
    /// <param name="parents">Survivors, in the order of <see cref="Survivors"/>: earlier ones win tournaments.</param>
    public double[][] Children(IReadOnlyList<Candidate> parents)
    {
        var children = new double[_population][];
        for (var i = 0; i < _population; i += 2)
        {
            var (one, other) = ((double[])Winner(parents).Genes.Clone(), (double[])Winner(parents).Genes.Clone());
            if (Draw() < CrossoverProbability)
                Cross(one, other);
            children[i] = Mutated(one);
            if (i + 1 < _population)
                children[i + 1] = Mutated(other);
        }

        return children;
    }

    /// <summary>Draws one gene of a candidate again.</summary>
    public void Redraw(double[] genes) => genes[(int)(Draw() * genes.Length)] = Draw();

    /// <summary>The best candidates: by rank, and within a rank the least crowded first.</summary>
    /// <param name="all">Parents and children.</param>
    /// <param name="count">How many survive.</param>
    public static IReadOnlyList<Candidate> Survivors(IReadOnlyList<Candidate> all, int count)
    {
        var survivors = new List<Candidate>(count);
        foreach (var front in Fronts(all))
        {
            // The crowding of a front is that of all of it, also of those that are left behind.
            var crowding = Crowding(front);
            var order = Enumerable.Range(0, front.Count).OrderByDescending(i => crowding[i]).ThenBy(i => i);
            survivors.AddRange(order.Take(count - survivors.Count).Select(i => front[i]));
            if (survivors.Count == count)
                break;
        }

        return survivors;
    }

    /// <summary>Candidates by rank: each front is beaten by earlier ones alone.</summary>
    public static IEnumerable<IReadOnlyList<Candidate>> Fronts(IReadOnlyList<Candidate> all)
    {
        var beatenBy = new int[all.Count];
        var beats = new List<int>[all.Count];
        for (var i = 0; i < all.Count; i++)
            beats[i] = [];
        for (var i = 0; i < all.Count; i++)
        for (var j = 0; j < i; j++)
        {
            var (better, worse) =
                Beats(all[i], all[j]) ? (i, j)
                : Beats(all[j], all[i]) ? (j, i)
                : (-1, -1);
            if (better < 0)
                continue;
            beats[better].Add(worse);
            beatenBy[worse]++;
        }

        var front = Enumerable.Range(0, all.Count).Where(i => beatenBy[i] == 0).ToList();
        while (front.Count > 0)
        {
            yield return [.. front.Select(i => all[i])];
            var next = new List<int>();
            foreach (var i in front)
            foreach (var j in beats[i])
                if (--beatenBy[j] == 0)
                    next.Add(j);
            next.Sort();
            front = next;
        }
    }

    private static bool Beats(Candidate one, Candidate other) =>
        one.Violation != other.Violation ? one.Violation < other.Violation : ParetoFront.Dominates(one.Objectives, other.Objectives);

    // Half the circumference of the box between a candidate's neighbours; without end for those at the ends of an objective.
    private static double[] Crowding(IReadOnlyList<Candidate> front)
    {
        var crowding = new double[front.Count];
        for (var m = 0; m < front[0].Objectives.Length; m++)
        {
            var order = Enumerable.Range(0, front.Count).OrderBy(i => front[i].Objectives[m]).ToArray();
            var span = front[order[^1]].Objectives[m] - front[order[0]].Objectives[m];
            (crowding[order[0]], crowding[order[^1]]) = (double.PositiveInfinity, double.PositiveInfinity);
            if (!(span > 0))
                continue;
            for (var k = 1; k < order.Length - 1; k++)
                crowding[order[k]] += (front[order[k + 1]].Objectives[m] - front[order[k - 1]].Objectives[m]) / span;
        }

        return crowding;
    }

    private Candidate Winner(IReadOnlyList<Candidate> parents)
    {
        var (a, b) = ((int)(Draw() * parents.Count), (int)(Draw() * parents.Count));
        return parents[Math.Min(a, b)];
    }

    // Simulated binary crossover, bounded (K. Deb, R. B. Agrawal, Complex Systems 9, 1995).
    private void Cross(double[] one, double[] other)
    {
        for (var d = 0; d < one.Length; d++)
        {
            if (Draw() >= 0.5 || Math.Abs(one[d] - other[d]) < 1e-14)
                continue;
            var (low, high) = (Math.Min(one[d], other[d]), Math.Max(one[d], other[d]));
            var u = Draw();
            var (first, second) = (
                0.5 * (low + high - (Spread(u, 1 + (2 * low / (high - low))) * (high - low))),
                0.5 * (low + high + (Spread(u, 1 + (2 * (1 - high) / (high - low))) * (high - low)))
            );
            var swap = Draw() < 0.5;
            (one[d], other[d]) = (Bounded(swap ? second : first), Bounded(swap ? first : second));
        }
    }

    private static double Spread(double u, double bound)
    {
        var alpha = 2 - Math.Pow(bound, -(CrossoverIndex + 1));
        return u <= 1 / alpha ? Math.Pow(u * alpha, 1 / (CrossoverIndex + 1)) : Math.Pow(1 / (2 - (u * alpha)), 1 / (CrossoverIndex + 1));
    }

    // Polynomial mutation of one gene in each child on average.
    private double[] Mutated(double[] genes)
    {
        for (var d = 0; d < genes.Length; d++)
        {
            if (Draw() >= 1.0 / genes.Length)
                continue;
            var (x, u) = (genes[d], Draw());
            var step =
                u < 0.5
                    ? Math.Pow((2 * u) + ((1 - (2 * u)) * Math.Pow(1 - x, MutationIndex + 1)), 1 / (MutationIndex + 1)) - 1
                    : 1 - Math.Pow((2 * (1 - u)) + (2 * (u - 0.5) * Math.Pow(x, MutationIndex + 1)), 1 / (MutationIndex + 1));
            genes[d] = Bounded(x + step);
        }

        return genes;
    }

    private static double Bounded(double gene) => Math.Clamp(gene, 0, Math.BitDecrement(1.0));

    private double Draw() => HashedUniform.At(_seed, _drawn++, Stream);
}
