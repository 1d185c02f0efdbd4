namespace TaalasSim.Compiler.Tokenizer;

/// <summary>What the name of a pre-tokenizer decides.</summary>
internal sealed record PreTokenizerRule
{
    /// <summary>Successive patterns; <c>\p{..}</c> as <see cref="CodePointClass.ExpandClasses"/> reads it.</summary>
    public required string[] Patterns { get; init; }

    /// <summary>A word that is a token is taken whole, whatever the merges would make of it.</summary>
    public bool WholeWordFirst { get; init; }

    /// <summary>BOS is added unless the model file says otherwise.</summary>
    public bool AddBos { get; init; }

    /// <summary>BOS is added whatever the model file says.</summary>
    public bool AlwaysAddBos { get; init; }

    /// <summary>Words are spelt in characters, spaces as U+2581, with byte tokens for the rest, not in the byte alphabet.</summary>
    public bool PlainText { get; init; }

    /// <summary>A word of newlines alone is looked up whole.</summary>
    public bool NewlinesAsOneToken { get; init; }
}
