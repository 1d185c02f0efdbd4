namespace TaalasSim.ChipModel.Formats;

/// <summary>A format that stores each number by itself.</summary>
public abstract class PlainFormat : CodeFormat
{
    /// <summary>Describes a format of <paramref name="bytes"/> bytes a number.</summary>
    protected PlainFormat(string name, int ggmlType, int bytes)
        : base(name, ggmlType, 8 * bytes, 1, bytes) { }

    /// <summary>The number at the start of the bytes.</summary>
    public abstract float Weight(ReadOnlySpan<byte> bytes);

    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, float columnScale, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = Weight(block[(i * BlockBytes)..]);
    }
}
