using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer;

internal static class TokenizerKinds
{
    public static TokenizerKind Parse(string model) =>
        model switch
        {
            "llama" => TokenizerKind.SentencePiece,
            "gpt2" or "gemma4" => TokenizerKind.BytePair,
            "bert" => TokenizerKind.WordPiece,
            _ => throw new InputException(
                $"tokenizer.ggml.model: '{model}' is not supported; use a model with llama, gpt2, gemma4 or bert"
            ),
        };
}
