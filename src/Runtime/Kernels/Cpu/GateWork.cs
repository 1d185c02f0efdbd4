using System.Runtime.Intrinsics;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>The gated activation, equal runs of elements per part. Exponentials have the bits of the C library's, as the reference's
/// are.</summary>
internal sealed unsafe class GateWork : IParallelWork
{
    private const int Lanes = 16;

    private static readonly Lazy<float[]> GeluTable = new(MakeGeluTable);

    /// <summary>llama.cpp's GELU of every binary16 value.</summary>
    public static ReadOnlySpan<float> GeluValues => GeluTable.Value;

    public GateActivation Activation { get; set; }

    public float* Gate { get; set; }

    public float* Up { get; set; }

    public int Count { get; set; }

    public void Run(int worker, int part, int parts)
    {
        int from = (int)((long)Count * part / parts),
            to = (int)((long)Count * (part + 1) / parts);
        switch (Activation)
        {
            case GateActivation.Silu:
                Silu(from, to);
                break;
            case GateActivation.Gelu:
                var table = GeluTable.Value;
                for (var i = from; i < to; i++)
                    Gate[i] = Gelu(Gate[i], table) * Up[i];
                break;
            case GateActivation.ClampedSwiGlu:
                ClampedSwiGlu(from, to);
                break;
            case GateActivation.Sigmoid:
                Sigmoid(from, to);
                break;
            case GateActivation.SquaredRelu:
                for (var i = from; i < to; i++)
                    Gate[i] = (Gate[i] > 0 ? Gate[i] : 0) * (Up[i] > 0 ? Up[i] : 0);
                break;
            default:
                throw new InvalidOperationException($"no activation {Activation}");
        }
    }

    private void Silu(int from, int to)
    {
        for (; from <= to - Lanes; from += Lanes)
        {
            var g = Vector512.Load(Gate + from);
            (g / (Vector512<float>.One + Exponential.Exp(-g)) * Vector512.Load(Up + from)).Store(Gate + from);
        }

        for (; from < to; from++)
            Gate[from] = Gate[from] / (1 + Exponential.Exp(-Gate[from])) * Up[from];
    }

    private void Sigmoid(int from, int to)
    {
        for (; from <= to - Lanes; from += Lanes)
        {
            var below = Vector512<float>.One + Exponential.Exp(-Vector512.Load(Gate + from));
            (Vector512<float>.One / below * Vector512.Load(Up + from)).Store(Gate + from);
        }

        for (; from < to; from++)
            Gate[from] = 1 / (1 + Exponential.Exp(-Gate[from])) * Up[from];
    }

    private void ClampedSwiGlu(int from, int to)
    {
        for (; from <= to - Lanes; from += Lanes)
        {
            var g = Vector512.Min(Vector512.Load(Gate + from), Vector512.Create(7f));
            var u = Vector512.Min(Vector512.Max(Vector512.Load(Up + from), Vector512.Create(-7f)), Vector512.Create(7f));
            (g / (Vector512<float>.One + Exponential.Exp(Vector512.Create(1.702f) * -g)) * (u + Vector512<float>.One)).Store(Gate + from);
        }

        for (; from < to; from++)
        {
            float g = MathF.Min(Gate[from], 7),
                u = Math.Clamp(Up[from], -7f, 7f);
            Gate[from] = g / (1 + Exponential.Exp(1.702f * -g)) * (u + 1);
        }
    }

    private static float Gelu(float x, float[] table) =>
        x switch
        {
            <= -10 => 0,
            >= 10 => x,
            _ => table[BitConverter.HalfToUInt16Bits((Half)x)],
        };

    /// <summary>The tanh form at every binary16 value, rounded to binary16.</summary>
    private static float[] MakeGeluTable()
    {
        var table = new float[65536];
        for (var i = 0; i < table.Length; i++)
        {
            var x = (float)BitConverter.UInt16BitsToHalf((ushort)i);
            table[i] = (float)
                (Half)(0.5f * x * (1 + HyperbolicTangent.Tanh(0.79788456080286535587989211986876f * x * (1 + (0.044715f * x * x)))));
        }

        return table;
    }
}
