namespace TaalasSim.Compiler.Conversion;

/// <summary>Where the vocabulary of an architecture comes from, as convert_hf_to_gguf.py tries it.</summary>
internal enum VocabularySource
{
    /// <summary>Byte-pair encoding in tokenizer.json.</summary>
    BytePairs,

    /// <summary>tokenizer.model if there is one, else byte-pair encoding.</summary>
    SentencePieceOrBytePairs,

    /// <summary>tokenizer.model, else a tokenizer.json with byte fallback, else byte-pair encoding.</summary>
    Llama,

    /// <summary>tokenizer.model, without a space in front of the text.</summary>
    Gemma,

    /// <summary>tokenizer.model with the added tokens of all files; byte-pair encoding for the class GPT2Tokenizer.</summary>
    Phi3,
}
