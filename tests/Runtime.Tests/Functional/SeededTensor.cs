using System.Buffers.Binary;
using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Bytes of a tensor that follow from its name's kind, its sizes and a seed alone: blocks are drawn, not encoded, so no encoder
/// can change them.</summary>
internal static class SeededTensor
{
    private const float Fp4Rms = 5.85f;
    private const float Q4KRms = 330;

    /// <summary>Values around one for norms, from one to four for rope factors, small ones for biases; matrices keep the size of what
    /// passes through them.</summary>
    public static byte[] Bytes(string name, CodeFormat type, ReadOnlySpan<long> sizes, uint seed)
    {
        var count = 1;
        foreach (var size in sizes)
            count = checked(count * (int)size);
        var unit = 1 / MathF.Sqrt(sizes[0]);
        return type switch
        {
            F32Format => Floats(name, count, unit, seed),
            Q8_0Format => Blocks(type, count, seed, block => BinaryPrimitives.WriteHalfLittleEndian(block, (Half)(unit / 73))),
            Q4KFormat => Blocks(type, count, seed, block =>
            {
                BinaryPrimitives.WriteHalfLittleEndian(block, (Half)(unit / Q4KRms));
                BinaryPrimitives.WriteHalfLittleEndian(block[2..], (Half)(7.5f * unit / Q4KRms));
            }),
            MxFp4Format => Blocks(type, count, seed, block =>
                block[0] = (byte)(128 + MathF.Round(MathF.Log2(unit / Fp4Rms)) + (block[0] & 1))
            ),
            NvFp4Format => Blocks(type, count, seed, block =>
            {
                // Four scales of 16 weights; exponent and three bits of mantissa.
                for (var i = 0; i < 4; i++)
                    block[i] = (byte)(((int)MathF.Max(1, 8 + MathF.Round(MathF.Log2(unit / Fp4Rms))) << 3) | (block[i] & 7));
            }),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no rule for that type"),
        };
    }

    private static byte[] Floats(string name, int count, float unit, uint seed)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            var u = Signed((uint)i, seed);
            values[i] = name switch
            {
                _ when name.EndsWith("norm.weight", StringComparison.Ordinal) || name.EndsWith("_norm", StringComparison.Ordinal) => 1
                    + (u / 2),
                _ when name.StartsWith("rope_", StringComparison.Ordinal) => 2.5f + (1.5f * u),
                _ when name.EndsWith(".scale", StringComparison.Ordinal) || name.EndsWith("_scale.weight", StringComparison.Ordinal) => 1
                    + (u / 2),
                // The logarithm of a decay, for a time step of 1.
                _ when name.EndsWith(".ssm_a", StringComparison.Ordinal) => (u / 2) - 0.6f,
                _ when name.EndsWith(".bias", StringComparison.Ordinal) => u / 2,
                _ when name.EndsWith("attn_sinks.weight", StringComparison.Ordinal) => 2 * u,
                _ => 1.75f * unit * u,
            };
        }

        return MemoryMarshal.AsBytes<float>(values).ToArray();
    }

    private static byte[] Blocks(CodeFormat type, int count, uint seed, Action<Span<byte>> scale)
    {
        var bytes = new byte[type.BytesOf(count)];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(Hash((uint)i, seed) >> 16);
        var block = type.BlockBytes;
        for (var at = 0; at < bytes.Length; at += block)
            scale(bytes.AsSpan(at, block));
        return bytes;
    }

    /// <summary>Numbers from −1 to 1.</summary>
    public static float[] Signed(int count, uint seed) => [.. Enumerable.Range(0, count).Select(i => Signed((uint)i, seed))];

    // 24 bits: every value is exact in binary32.
    private static float Signed(uint i, uint seed) => ((int)(Hash(i, seed) >> 8) - (1 << 23)) / (float)(1 << 23);

    /// <summary>32 mixed bits of an index and a seed.</summary>
    public static uint Hash(uint i, uint seed)
    {
        var h = (i * 2654435761u) + (seed * 40503u) + 1;
        h = (h ^ (h >> 16)) * 0x7FEB352Du;
        h = (h ^ (h >> 15)) * 0x846CA68Bu;
        return h ^ (h >> 16);
    }
}
