namespace TaalasSim.Compiler.Tokenizer;

/// <summary>Special token ids that a model file states; null where it states none.</summary>
public sealed record SpecialTokenIds
{
    /// <summary>Begins a text.</summary>
    public int? Bos { get; init; }

    /// <summary>Ends a text.</summary>
    public int? Eos { get; init; }

    /// <summary>End of a turn.</summary>
    public int? Eot { get; init; }

    /// <summary>End of a message that expects a tool's answer.</summary>
    public int? Eom { get; init; }

    /// <summary>Stands for text that no token covers (WordPiece, SentencePiece).</summary>
    public int? Unknown { get; init; }

    /// <summary>Ends a text (BERT).</summary>
    public int? Separator { get; init; }

    /// <summary>Fills a batch; never part of a text.</summary>
    public int? Padding { get; init; }

    /// <summary>Marks a position that the model fills.</summary>
    public int? Mask { get; init; }

    /// <summary>Fill in the middle: the text before the gap follows.</summary>
    public int? FimPrefix { get; init; }

    /// <summary>Fill in the middle: the text after the gap follows.</summary>
    public int? FimSuffix { get; init; }

    /// <summary>Fill in the middle: the model's answer follows.</summary>
    public int? FimMiddle { get; init; }

    /// <summary>Fill in the middle: fills a batch; an answer ends at it.</summary>
    public int? FimPadding { get; init; }

    /// <summary>Fill in the middle: the name of a repository follows; an answer ends at it.</summary>
    public int? FimRepository { get; init; }

    /// <summary>Fill in the middle: another file follows; an answer ends at it.</summary>
    public int? FimSeparator { get; init; }
}
