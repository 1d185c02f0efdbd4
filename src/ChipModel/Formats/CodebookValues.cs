namespace TaalasSim.ChipModel.Formats;

/// <summary>The value tables of the 4-bit formats whose codes are not evenly spaced.</summary>
public static class CodebookValues
{
    /// <summary>IQ4_NL and IQ4_XS: the value of codes 0 to 15, in units of the block scale.</summary>
    public static ReadOnlySpan<sbyte> Iq4 => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>MXFP4 and NVFP4: twice the FP4 (E2M1) value of codes 0 to 15, so that all are integers; block scales are halved to
    /// match.</summary>
    public static ReadOnlySpan<sbyte> Fp4Doubled => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];
}
