using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace TaalasSim.ChipModel.Formats;

/// <summary>IEEE binary16; values beyond its range become infinite, as IEEE rounding has it.</summary>
public sealed class F16Format() : PlainFormat("f16", 1, Bytes), IBlockEncoder
{
    /// <summary>Bytes of a number.</summary>
    public const int Bytes = 2;

    /// <inheritdoc/>
    public override bool IsFloat => true;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.F16;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("f16", 1, Mixed: false, Place: 1)];

    /// <inheritdoc/>
    public override float Weight(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);

    /// <summary>To nearest, ties to even.</summary>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var halves = MemoryMarshal.Cast<byte, Half>(block);
        for (var i = 0; i < values.Length; i++)
            halves[i] = (Half)values[i];
    }
}
