using NUnit.Framework;
using TaalasSim.Training.Corpus;

namespace TaalasSim.Training.Tests.Numerics;

/// <summary>Compares derivatives with central differences, (f(x + h) − f(x − h)) / 2h, in double precision.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-5;

    // The error of a central difference is about h²·f''' + ε·f/h, some 1e-10 here; a wrong formula is off in the first digits.
    private const double Tolerance = 1e-7;

    /// <summary>Asserts that <paramref name="derivative"/> holds ∂f/∂x; looks at every element, or at each
    /// <paramref name="stride"/>th.</summary>
    public static void Check(string name, Func<double> f, double[] x, double[] derivative, int stride = 1)
    {
        for (var i = 0; i < x.Length; i += stride)
        {
            var saved = x[i];
            x[i] = saved + Step;
            var above = f();
            x[i] = saved - Step;
            var below = f();
            x[i] = saved;
            var expected = (above - below) / (2 * Step);
            Assert.That(derivative[i], Is.EqualTo(expected).Within(Tolerance * Math.Max(1, Math.Abs(expected))), $"d/d{name}[{i}]");
        }
    }

    /// <summary>Standard normal numbers.</summary>
    public static double[] Normal(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextNormal())];
    }

    /// <summary>Σ xᵢ·yᵢ: turns an operator's output into one number whose derivative by the output is <paramref name="y"/>.</summary>
    public static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();
}
