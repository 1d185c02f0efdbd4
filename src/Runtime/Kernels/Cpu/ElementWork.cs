using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Small operations element by element.</summary>
internal static unsafe class ElementWork
{
    /// <summary>x += y.</summary>
    public static void Add(float* x, float* y, int count)
    {
        var i = 0;
        for (; i <= count - 8; i += 8)
            (Vector256.Load(x + i) + Vector256.Load(y + i)).Store(x + i);
        for (; i < count; i++)
            x[i] += y[i];
    }

    /// <summary>Rotates one head by its angles: [pair][cosine, sine].</summary>
    public static void Rotate(float* x, float* cosSin, int rotary, bool neox)
    {
        int step = neox ? 1 : 2,
            apart = neox ? rotary / 2 : 1;
        for (var j = 0; j < rotary / 2; j++)
        {
            float a = x[j * step],
                b = x[(j * step) + apart],
                cos = cosSin[2 * j],
                sin = cosSin[(2 * j) + 1];
            x[j * step] = (a * cos) - (b * sin);
            x[(j * step) + apart] = (a * sin) + (b * cos);
        }
    }
}
