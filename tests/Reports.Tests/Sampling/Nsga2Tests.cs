using NUnit.Framework;
using TaalasSim.Reports.Sampling;

namespace TaalasSim.Reports.Tests.Sampling;

/// <summary>The search on problems whose fronts are known: ZDT1 to ZDT3 (E. Zitzler, K. Deb, L. Thiele, Evol. Comput. 8, 2000) and DTLZ2
/// (K. Deb et al., CEC 2002), by the hypervolume of what was found against that of as many points spread evenly over the front.</summary>
[TestFixture]
[Category("Validation")]
public sealed class Nsga2Tests
{
    private const int Population = 100,
        Generations = 250;

    [TestCase(1, 0.985)]
    [TestCase(2, 0.98)]
    [TestCase(3, 0.985)]
    public void The_fronts_of_zdt_are_found(int problem, double share)
    {
        var found = Search(30, Population, Generations, x => Zdt(problem, x), seed: 1);
        var known = ZdtFront(problem);
        Assert.That(Hypervolume(found, [1.1, 1.1]) / Hypervolume(known, [1.1, 1.1]), Is.InRange(share, 1.001));
    }

    // Crowding spreads candidates over a surface less evenly than over a line, in every published run.
    [Test]
    public void The_front_of_dtlz2_is_found()
    {
        var found = Search(12, Population, Generations, Dtlz2, seed: 1);
        Assert.Multiple(() =>
        {
            Assert.That(Hypervolume(found, [1.1, 1.1, 1.1]) / Hypervolume(SphereFront(), [1.1, 1.1, 1.1]), Is.InRange(0.9, 1.05));
            // On the front the squares of the objectives add up to 1.
            Assert.That(found.Average(o => Math.Sqrt(o.Sum(v => v * v))), Is.InRange(1, 1.1));
        });
    }

    [Test]
    public void Constraints_bound_the_front()
    {
        // The front of ZDT1 without its left half: those beyond the constraint must give way.
        var found = Search(10, 40, 120, x => Zdt(1, x), seed: 3, violation: o => Math.Max(0, 0.5 - o[0]));
        Assert.Multiple(() =>
        {
            Assert.That(found.Min(o => o[0]), Is.InRange(0.5, 0.51));
            Assert.That(found, Has.All.Matches<double[]>(o => Math.Abs(o![1] - (1 - Math.Sqrt(o[0]))) < 0.05));
        });
    }

    [Test]
    public void The_same_seed_gives_the_same_search_and_another_gives_another()
    {
        double[][] Run(ulong seed) => Search(6, 20, 5, x => Zdt(2, x), seed);
        Assert.That(Run(5), Is.EqualTo(Run(5)));
        Assert.That(Run(6), Is.Not.EqualTo(Run(5)));
    }

    [Test]
    public void Ranks_are_those_of_the_definition()
    {
        Candidate[] all =
        [
            new([], [1, 4], 0),
            new([], [2, 2], 0),
            new([], [3, 3], 0),
            new([], [0, 0], 2),
            new([], [9, 9], 1),
            new([], [4, 1], 0),
        ];
        Assert.That(
            Nsga2.Fronts(all).Select(f => f.Select(c => Array.IndexOf(all, c))),
            Is.EqualTo(new[] { new[] { 0, 1, 5 }, [2], [4], [3] })
        );
    }

    private static double[][] Search(
        int dimensions,
        int population,
        int generations,
        Func<double[], double[]> objectives,
        ulong seed,
        Func<double[], double>? violation = null
    )
    {
        Candidate Judged(double[] genes)
        {
            var o = objectives(genes);
            return new Candidate(genes, o, violation?.Invoke(o) ?? 0);
        }
        var search = new Nsga2(dimensions, population, seed);
        IReadOnlyList<Candidate> parents = [.. search.First().Select(Judged)];
        for (var g = 1; g < generations; g++)
            parents = Nsga2.Survivors([.. parents, .. search.Children(parents).Select(Judged)], population);
        return [.. parents.Select(p => p.Objectives)];
    }

    private static double[] Zdt(int problem, double[] x)
    {
        var g = 1 + (9 * x.Skip(1).Average());
        var f = x[0];
        var h = problem switch
        {
            1 => 1 - Math.Sqrt(f / g),
            2 => 1 - Math.Pow(f / g, 2),
            _ => 1 - Math.Sqrt(f / g) - (f / g * Math.Sin(10 * Math.PI * f)),
        };
        return [f, g * h];
    }

    // With g = 1; of ZDT3 the parts that nothing beats.
    private static double[][] ZdtFront(int problem)
    {
        var line = Enumerable.Range(0, 20_001).Select(i => Zdt(problem, [i / 20_000.0, 0])).ToArray();
        var on = ParetoFront.Of(line);
        var front = line.Where((_, i) => on[i]).ToArray();
        return [.. Enumerable.Range(0, Population).Select(i => front[(int)((front.Length - 1) * (i / (Population - 1.0)))])];
    }

    private static double[] Dtlz2(double[] x)
    {
        var g = x.Skip(2).Sum(v => (v - 0.5) * (v - 0.5));
        var (a, b) = (x[0] * Math.PI / 2, x[1] * Math.PI / 2);
        return [(1 + g) * Math.Cos(a) * Math.Cos(b), (1 + g) * Math.Cos(a) * Math.Sin(b), (1 + g) * Math.Sin(a)];
    }

    // Das and Dennis: 91 evenly spread directions, cut with the sphere.
    private static double[][] SphereFront() =>
        [
            .. from i in Enumerable.Range(0, 13)
            from j in Enumerable.Range(0, 13 - i)
            let w = new double[] { i, j, 12 - i - j }
            let length = Math.Sqrt(w.Sum(v => v * v))
            select w.Select(v => v / length).ToArray(),
        ];

    // By slices along the last objective.
    private static double Hypervolume(double[][] points, double[] reference)
    {
        var inside = points.Where(p => p.Zip(reference).All(v => v.First < v.Second)).OrderBy(p => p[^1]).ToArray();
        if (reference.Length == 1)
            return inside.Length == 0 ? 0 : reference[0] - inside[0][0];
        double volume = 0;
        for (var i = 0; i < inside.Length; i++)
        {
            var next = i + 1 < inside.Length ? inside[i + 1][^1] : reference[^1];
            if (next > inside[i][^1])
                volume += (next - inside[i][^1]) * Hypervolume([.. inside.Take(i + 1).Select(p => p[..^1])], reference[..^1]);
        }

        return volume;
    }
}
