using NUnit.Framework;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>Results of a backend against the expected ones: every bit when it keeps the order of sums, otherwise the stated
/// tolerance.</summary>
internal static class Results
{
    /// <param name="kernels">Backend.</param>
    /// <param name="actual">Its results.</param>
    /// <param name="expected">Expected results.</param>
    /// <param name="tolerance">Of a backend that does not keep the order, as a part of the largest expected magnitude.</param>
    /// <param name="what">Case, for the message.</param>
    public static void AreEqual(IKernelSet kernels, float[] actual, float[] expected, double tolerance, string what)
    {
        if (kernels.KeepsOrder)
        {
            Assert.That(MatMulTests.Bits(actual), Is.EqualTo(MatMulTests.Bits(expected)), what);
            return;
        }

        var largest = expected.Max(MathF.Abs);
        Assert.That(actual, Is.EqualTo(expected).Within(tolerance * largest), what);
    }

    public static float[] Read(IKernelBuffer buffer, int count)
    {
        var values = new float[count];
        buffer.Read(0, values);
        return values;
    }

    public static IKernelBuffer Upload(IKernelSet kernels, float[] values)
    {
        var buffer = kernels.Allocate(values.Length);
        buffer.Write(values);
        return buffer;
    }
}
