using System.Runtime.CompilerServices;

namespace TaalasSim.ChipModel.Formats;

/// <summary>A format of integer codes with scales. Its decoder, its products and its use by the fabric follow from
/// <see cref="Unpack"/>.</summary>
public abstract class IntegerFormat : CodeFormat
{
    /// <summary>Describes a format; see <see cref="CodeFormat"/>.</summary>
    protected IntegerFormat(string name, int ggmlType, int codeBits, int blockWeights, params ReadOnlySpan<int> fields)
        : base(name, ggmlType, codeBits, blockWeights, fields) { }

    /// <inheritdoc/>
    public override bool HasIntegerCodes => true;

    /// <summary>Weights that share an integer scale, 16 to <see cref="CodeFormat.BlockWeights"/>.</summary>
    public virtual int SubBlock => BlockWeights;

    /// <summary>Whether sub-blocks have a minimum.</summary>
    public virtual bool HasMinimum => false;

    /// <summary>What the sum of products is multiplied by at the end: a power of two.</summary>
    public virtual float OutputScale => 1;

    /// <summary>Rounding order of the reference's product.</summary>
    public abstract SumOrder Order { get; }

    /// <summary>Unpacks one block.</summary>
    /// <param name="block">Bytes of the block.</param>
    /// <param name="to">Takes codes, scales and, where the format has them, minima.</param>
    public abstract void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to);

    /// <inheritdoc/>
    [SkipLocalsInit]
    protected sealed override void DecodeBlock(ReadOnlySpan<byte> block, float columnScale, Span<float> values)
    {
        Unsafe.SkipInit(out BlockCodes unpacked);
        Unpack(block, ref unpacked);
        for (var s = 0; s < BlockWeights / SubBlock; s++)
        {
            var scale = OutputScale * (unpacked.Scale * unpacked.Steps[s]);
            var codes = unpacked.Codes.Slice(s * SubBlock, SubBlock);
            var to = values.Slice(s * SubBlock, SubBlock);
            if (HasMinimum)
            {
                var minimum = unpacked.MinimumScale * unpacked.MinimumSteps[s];
                for (var i = 0; i < codes.Length; i++)
                    to[i] = (scale * codes[i]) - minimum;
            }
            else
            {
                for (var i = 0; i < codes.Length; i++)
                    to[i] = scale * codes[i];
            }
        }
    }
}
