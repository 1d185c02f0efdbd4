namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// Encoding of ternary weights, equal to ggml's: codes are rounded with the float scale, before the scale itself is rounded to binary16.
/// </summary>
internal static class TernaryCodes
{
    /// <summary>Code 0, 1 or 2 of a value, given the inverse of the scale.</summary>
    public static int Of(float value, float inverse) => (int)MathF.Round(value * inverse, MidpointRounding.AwayFromZero) + 1;

    /// <summary>Stores the largest magnitude as the scale and returns its inverse, 0 where that would not be finite.</summary>
    public static float PutLargest(ReadOnlySpan<float> values, Span<byte> block, int at)
    {
        var largest = 0f;
        foreach (var x in values)
            largest = MathF.Max(largest, MathF.Abs(x));
        BlockFields.PutHalf(block, at, largest);
        return largest > 0 && float.IsFinite(1 / largest) ? 1 / largest : 0;
    }
}
