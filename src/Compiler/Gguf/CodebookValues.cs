namespace TaalasSim.Compiler.Gguf;

/// <summary>The value tables of the 4-bit formats whose codes are not evenly spaced.</summary>
public static class CodebookValues
{
    /// <summary>IQ4_NL and IQ4_XS: the value of codes 0 to 15, in units of the block scale.</summary>
    public static ReadOnlySpan<sbyte> Iq4 => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>MXFP4 and NVFP4: twice the FP4 (E2M1) value of codes 0 to 15, so that all are integers; block scales are halved to
    /// match.</summary>
    public static ReadOnlySpan<sbyte> Fp4Doubled => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <summary>Half the scale that an MXFP4 exponent byte (E8M0) stands for: 2^(e - 128); the two smallest are subnormal.</summary>
    public static float HalfE8M0(byte e) => BitConverter.UInt32BitsToSingle(e < 2 ? 0x0020_0000u << e : (uint)(e - 1) << 23);

    /// <summary>Half the scale that an NVFP4 byte (unsigned E4M3) stands for; 0 and the NaN code 0x7F give 0.</summary>
    public static float HalfUE4M3(byte x)
    {
        if (x is 0 or 0x7F)
            return 0;
        var exponent = (x >> 3) & 15;
        var mantissa = x & 7;
        return exponent == 0 ? MathF.ScaleB(mantissa, -10) : MathF.ScaleB(8 + mantissa, exponent - 11);
    }
}
