namespace TaalasSim.Runtime.Functional;

/// <summary>Time steps of recurrences, rounded as llama.cpp rounds them.</summary>
internal static class TimeStep
{
    /// <summary>ln(1 + e^x), and x itself above 20.</summary>
    public static float Softplus(float x) => x > 20 ? x : MathF.Log(1 + MathF.Exp(x));
}
