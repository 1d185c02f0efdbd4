namespace TaalasSim.Compiler.Tokenizer;

/// <summary>Special token ids that a model file states; null where it states none.</summary>
public sealed record SpecialTokenIds
{
    public int? Bos { get; init; }

    public int? Eos { get; init; }

    /// <summary>End of a turn.</summary>
    public int? Eot { get; init; }

    /// <summary>End of a message that expects a tool's answer.</summary>
    public int? Eom { get; init; }

    public int? Unknown { get; init; }

    public int? Separator { get; init; }

    public int? Padding { get; init; }

    public int? Mask { get; init; }

    public int? FimPrefix { get; init; }

    public int? FimSuffix { get; init; }

    public int? FimMiddle { get; init; }

    public int? FimPadding { get; init; }

    public int? FimRepository { get; init; }

    public int? FimSeparator { get; init; }
}
