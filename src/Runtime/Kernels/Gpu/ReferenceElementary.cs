using ILGPU;
using TaalasSim.Runtime.Kernels.Cpu;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>The functions with the reference's bits: <see cref="Exponential"/> and <see cref="HyperbolicTangent"/>. Needs
/// binary64.</summary>
internal readonly struct ReferenceElementary : IElementary
{
    public static float Exp(float x, ArrayView<long> powers)
    {
        // Not a comparison with a bound first: it would make a number of a NaN.
        if (!(x >= Exponential.Least))
            return x < Exponential.Least ? 0 : x;
        double bounded = x > Exponential.Most ? Exponential.Most : x;
        var shifted = PtxArithmetic.MultiplyAdd(bounded, Exponential.InverseStep, Exponential.Shift);
        var k = (long)Interop.FloatAsInt(shifted);
        var r = PtxArithmetic.MultiplyAdd(bounded, Exponential.InverseStep, Exponential.Shift - shifted);
        var power = Interop.IntAsFloat((ulong)(powers[(int)(k & 31)] + (k << 47)));
        var upper = PtxArithmetic.MultiplyAdd(Exponential.C3, r, Exponential.C2);
        var lower = PtxArithmetic.MultiplyAdd(Exponential.C1, r, 1);
        return (float)(PtxArithmetic.MultiplyAdd(upper, r * r, lower) * power);
    }

    public static float Tanh(float x) => HyperbolicTangent.Tanh(x);
}
