namespace TaalasSim.Training.Optimise;

/// <summary>Clips gradients by their common norm (Pascanu, Mikolov and Bengio, ICML 2013, algorithm 1).</summary>
public static class GradientClip
{
    /// <summary>The factor, at most 1, that brings the Euclidean norm of a gradient down to <paramref name="largestNorm"/>.</summary>
    public static float Factor(ReadOnlySpan<float> gradient, double largestNorm)
    {
        var sum = 0.0;
        foreach (var g in gradient)
            sum += (double)g * g;
        return (float)Math.Min(1, largestNorm / Math.Sqrt(sum));
    }
}
