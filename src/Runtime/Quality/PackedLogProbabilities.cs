using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Quality;

/// <summary>
/// Log-probabilities of one position in sixteen bits, the row format of llama.cpp's base files: float scale, float least, then u16 q per
/// token (an even number of them): ln p = scale · q + least. What lies more than 16 below the largest logit is cut to that.
/// </summary>
public static class PackedLogProbabilities
{
    /// <summary>Depth of the range below the largest logit, nats.</summary>
    public const float Depth = 16;

    /// <summary>u16 words of a row.</summary>
    public static int Words(int vocabulary) => (2 * ((vocabulary + 1) / 2)) + 4;

    /// <summary>Packs a row.</summary>
    /// <param name="logits">One per token.</param>
    /// <param name="next">Token whose −ln p is wanted.</param>
    /// <param name="row"><see cref="Words"/> words.</param>
    /// <returns>−ln p(<paramref name="next"/>), unpacked.</returns>
    public static float Pack(ReadOnlySpan<float> logits, int next, Span<ushort> row)
    {
        float max = logits[0],
            min = logits[0];
        foreach (var l in logits)
        {
            max = MathF.Max(max, l);
            min = MathF.Min(min, l);
        }

        min = MathF.Max(min, max - Depth);
        double sum = 0;
        foreach (var l in logits)
            sum += MathF.Exp(l - max);
        var logSum = (float)Math.Log(sum);
        var scale = (max - min) / 65535;
        row.Clear();
        var header = MemoryMarshal.Cast<ushort, float>(row[..4]);
        header[0] = scale;
        header[1] = min - max - logSum;
        if (scale > 0)
        {
            var inverse = 1 / scale;
            for (var i = 0; i < logits.Length; i++)
                row[4 + i] =
                    logits[i] > min
                        ? (ushort)Math.Clamp(MathF.Round(inverse * (logits[i] - min), MidpointRounding.ToEven), 0, ushort.MaxValue)
                        : (ushort)0;
        }

        return max + logSum - logits[next];
    }

    /// <summary>Scale and least log-probability of a row.</summary>
    public static (float Scale, float Least) Range(ReadOnlySpan<ushort> row)
    {
        var header = MemoryMarshal.Cast<ushort, float>(row[..4]);
        return (header[0], header[1]);
    }
}
