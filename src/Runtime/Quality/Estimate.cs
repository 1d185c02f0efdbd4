namespace TaalasSim.Runtime.Quality;

/// <summary>A figure and its standard error.</summary>
public readonly record struct Estimate(double Value, double Error)
{
    /// <summary>Mean of <paramref name="count"/> values from their sum and sum of squares; the error is 0 for ten values or fewer, as in
    /// llama.cpp.</summary>
    public static Estimate Mean(double sum, double squares, int count)
    {
        if (count < 1)
            return default;
        var mean = sum / count;
        var variance = (squares / count) - (mean * mean);
        return new Estimate(mean, variance > 0 && count > 10 ? Math.Sqrt(variance / (count - 1)) : 0);
    }
}
