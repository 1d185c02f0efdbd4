namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>A sum of floats in more than their precision. A new value per term, so that compilers keep it in registers.</summary>
internal interface IRunningSum<TSelf>
    where TSelf : unmanaged, IRunningSum<TSelf>
{
    TSelf Plus(float term);

    /// <summary>The sum over n, rounded to float at the end.</summary>
    float Over(int n);

    /// <summary>1 / sum, rounded to float at the end.</summary>
    float Reciprocal();
}
