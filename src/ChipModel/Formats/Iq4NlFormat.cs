namespace TaalasSim.ChipModel.Formats;

/// <summary>32 weights whose codes pick from <see cref="CodebookValues.Iq4"/>. 0: d, 2: 16 bytes of codes in halves.</summary>
public sealed class Iq4NlFormat() : IntegerFormat("iq4_nl", 20, 4, Weights, 2, 16), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 32;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 18;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_0;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.ScaleFirst;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("iq4_nl", 25, Mixed: true, Place: 15)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.SetScale(BlockFields.Half(block, 0));
        Block32Codes.LookUp(block.Slice(2, 16), CodebookValues.Iq4, to.Codes);
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block) => EncodeBlock(values, [], block);

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        var d = BlockFields.PutHalf(block, 0, CodebookSearch.FitScale(values, importance));
        CodebookSearch.PutHalves(values, CodebookValues.Iq4, d, block[2..]);
    }
}
