using TaalasSim.Reports.Sampling;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Runs the generations of a search. What is known of earlier generations decides the points of the next, so a search that resumes
/// from its rows does the same.</summary>
internal static class SweepSearch
{
    /// <summary>Fewest points of a search.</summary>
    public const int FewestPoints = 16;

    private const int LargestPopulation = 100,
        Generations = 25,
        MostTries = 20;

    /// <summary>Chooses and evaluates all points.</summary>
    /// <param name="spec">Sweep.</param>
    /// <param name="rows">Rows; a row that is there is not evaluated again.</param>
    /// <param name="batch">Evaluates points from one index up to another.</param>
    public static void Run(SweepSpec spec, IReadOnlyList<SweepRow> rows, Action<int, int> batch)
    {
        var space = SweepSpace.Of(spec);
        var judge = new SweepJudge(spec);
        var population = Population(space.Count);
        var search = new Nsga2(space.Dimensions, population, (ulong)spec.Seed);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        IReadOnlyList<Candidate> parents = [];
        var genes = search.First();
        for (var from = 0; from < space.Count; from += population)
        {
            if (from > 0)
                genes = search.Children(parents);
            Renew(genes, space, search, seen);
            space.Growing!.Put(from, genes);
            var to = Math.Min(space.Count, from + population);
            batch(from, to);
            var made = Enumerable.Range(from, to - from).Select(i => Judged(genes[i - from], rows[i], judge));
            parents = Nsga2.Survivors([.. parents, .. made], population);
        }
    }

    // Enough generations to converge, enough candidates to spread.
    private static int Population(int points) => Math.Clamp(points / Generations / 2 * 2, 8, LargestPopulation);

    private static Candidate Judged(double[] genes, SweepRow row, SweepJudge judge)
    {
        var objectives = judge.Objectives(row);
        var violation = judge.Violation(row);
        // A candidate without an objective has no place among the others.
        return objectives.Any(double.IsNaN)
            ? new Candidate(genes, [.. objectives.Select(_ => 0.0)], double.MaxValue)
            : new Candidate(genes, objectives, violation);
    }

    // A design that was evaluated before says nothing new: one of its fields is drawn until it is another.
    private static void Renew(double[][] genes, SweepSpace space, Nsga2 search, HashSet<string> seen)
    {
        foreach (var gene in genes)
            for (var tries = 0; tries < MostTries && !seen.Add(string.Join('\n', space.At(gene).Values)); tries++)
                search.Redraw(gene);
    }
}
