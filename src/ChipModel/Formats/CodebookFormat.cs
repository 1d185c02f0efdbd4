namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// A format of 256 weights and one to three bits, whose codes pick groups of 4 or 8 values of a code book. The fabric multiplies its
/// weights
/// as floats, and it cannot be encoded here. Scales are odd numbers of steps of <see cref="IntegerFormat.OutputScale"/>.
/// </summary>
public abstract class CodebookFormat : IntegerFormat
{
    /// <summary>Describes a format; see <see cref="CodeFormat"/>.</summary>
    protected CodebookFormat(string name, int ggmlType, int codeBits, params ReadOnlySpan<int> fields)
        : base(name, ggmlType, codeBits, BlockCodes.MaximumWeights, fields) { }

    /// <inheritdoc/>
    public override bool HasIntegerCodes => false;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_K;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.OneSum;

    /// <summary>Writes a group: magnitudes, negated where the sign bit is set.</summary>
    protected static void Put(ReadOnlySpan<sbyte> magnitudes, int signs, Span<sbyte> codes)
    {
        for (var i = 0; i < magnitudes.Length; i++)
            codes[i] = (sbyte)(((signs >> i) & 1) != 0 ? -magnitudes[i] : magnitudes[i]);
    }

    /// <summary>Writes a group of eight ternary values in eighths, moved up or down by one eighth.</summary>
    protected static void PutShifted(int code, bool down, Span<sbyte> codes)
    {
        var ternary = CodebookGrids.Iq1.Slice(8 * code, 8);
        for (var i = 0; i < ternary.Length; i++)
            codes[i] = (sbyte)((8 * ternary[i]) + (down ? -1 : 1));
    }
}
