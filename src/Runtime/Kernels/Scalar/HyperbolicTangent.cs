namespace TaalasSim.Runtime.Kernels.Scalar;

/// <summary>
/// tanh with the bits of glibc's tanhf, as the reference has them on x86-64, on every machine: C libraries contract products and sums
/// where the processor can (arm64), or have another method (glibc 2.41 and later). The method is fdlibm's (Sun Microsystems, s_tanhf.c and
/// s_expm1f.c): tanh x = 1 − 2 / (e^2x − 1 + 2), e^x − 1 by reduction to |r| ≤ ln 2 / 2 and a rational function. Every operation is in
/// binary32, rounded by itself.
/// </summary>
public static class HyperbolicTangent
{
    /// <summary>ln 2 in two parts; the first has seven zero bits at its end, so that k times it is exact.</summary>
    private const float Ln2High = 6.9313812256e-01f,
        Ln2Low = 9.0580006145e-06f;

    private const float InverseLn2 = 1.4426950216e+00f;

    /// <summary>The rational function's coefficients, scaled.</summary>
    private const float Q1 = -3.3333335072e-02f,
        Q2 = 1.5873016091e-03f,
        Q3 = -7.9365076090e-05f,
        Q4 = 4.0082177293e-06f,
        Q5 = -2.0109921195e-07f;

    /// <summary>tanh x; NaN for NaN.</summary>
    public static float Tanh(float x)
    {
        var magnitude = x < 0 ? -x : x;
        if (!(magnitude >= 2.7755575615628914e-17f))
            return x * (1 + x);
        float z;
        if (magnitude >= 22)
            z = 1;
        else if (magnitude >= 1)
            z = 1 - (2 / (ExpMinusOne(2 * magnitude) + 2));
        else
        {
            var t = ExpMinusOne(-2 * magnitude);
            z = -t / (t + 2);
        }

        return x < 0 ? -z : z;
    }

    /// <summary>e^x − 1 for x from −2 to 44.</summary>
    private static float ExpMinusOne(float x)
    {
        var magnitude = x < 0 ? -x : x;
        if (magnitude < 2.9802322387695312e-08f)
            return x;
        var k = 0;
        var lost = 0f;
        if (magnitude > 0.34657359f)
        {
            float high,
                low;
            if (magnitude < 1.0397207f)
            {
                k = x < 0 ? -1 : 1;
                high = x < 0 ? x + Ln2High : x - Ln2High;
                low = x < 0 ? -Ln2Low : Ln2Low;
            }
            else
            {
                k = (int)((InverseLn2 * x) + (x < 0 ? -0.5f : 0.5f));
                high = x - (k * Ln2High);
                low = k * Ln2Low;
            }

            x = high - low;
            lost = high - x - low;
        }

        var half = 0.5f * x;
        var square = x * half;
        var r = 1 + (square * (Q1 + (square * (Q2 + (square * (Q3 + (square * (Q4 + (square * Q5)))))))));
        var t = 3 - (r * half);
        var e = square * ((r - t) / (6 - (x * t)));
        if (k == 0)
            return x - ((x * e) - square);
        e = (x * (e - lost)) - lost - square;
        return Scaled(x, e, k);
    }

    /// <summary>2^k (1 + x − e) − 1, in the order that keeps its digits.</summary>
    private static float Scaled(float x, float e, int k)
    {
        if (k == -1)
            return (0.5f * (x - e)) - 0.5f;
        if (k == 1)
            return x < -0.25f ? -2 * (e - (x + 0.5f)) : 1 + (2 * (x - e));
        var power = PowerOfTwo(k);
        if (k <= -2 || k > 56)
            return ((1 - (e - x)) * power) - 1;
        if (k < 23)
            return (1 - PowerOfTwo(-k) - (e - x)) * power;
        return (x - (e + PowerOfTwo(-k)) + 1) * power;
    }

    /// <summary>2^k, by products that are exact; |k| up to 64.</summary>
    private static float PowerOfTwo(int k)
    {
        var power = 1f;
        for (var i = k; i > 0; i--)
            power *= 2;
        for (var i = k; i < 0; i++)
            power *= 0.5f;
        return power;
    }
}
