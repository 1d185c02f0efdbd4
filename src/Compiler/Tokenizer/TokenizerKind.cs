namespace TaalasSim.Compiler.Tokenizer;

/// <summary>The algorithms behind the names of <c>tokenizer.ggml.model</c>.</summary>
internal enum TokenizerKind
{
    SentencePiece,
    BytePair,
    WordPiece,
}
