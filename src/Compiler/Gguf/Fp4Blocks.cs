namespace TaalasSim.Compiler.Gguf;

/// <summary>The formats of FP4 (E2M1) codes under a shared scale; the doubled value table meets a halved scale, so products stay
/// exact.</summary>
internal static class Fp4Blocks
{
    /// <summary>32 values (OCP microscaling). 0: exponent byte, 1: 16 bytes of codes in halves.</summary>
    public static void MXFP4(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = CodebookValues.HalfE8M0(block[0]);
        for (var j = 0; j < 16; j++)
        {
            values[j] = CodebookValues.Fp4Doubled[block[1 + j] & 15] * d;
            values[j + 16] = CodebookValues.Fp4Doubled[block[1 + j] >> 4] * d;
        }
    }

    /// <summary>64 values. 0: 4 unsigned E4M3 scales, one for 16 values, 4: 32 bytes of codes, each 8 of them halves of 16
    /// values.</summary>
    public static void NVFP4(ReadOnlySpan<byte> block, Span<float> values)
    {
        for (var s = 0; s < 4; s++)
        {
            var d = CodebookValues.HalfUE4M3(block[s]);
            for (var i = 0; i < 8; i++)
            {
                var pair = block[4 + (8 * s) + i];
                values[(16 * s) + i] = CodebookValues.Fp4Doubled[pair & 15] * d;
                values[(16 * s) + i + 8] = CodebookValues.Fp4Doubled[pair >> 4] * d;
            }
        }
    }
}
