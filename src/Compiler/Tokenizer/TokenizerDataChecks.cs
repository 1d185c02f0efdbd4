using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>Checks that hold for every kind of tokenizer, wherever the data come from.</summary>
internal static class TokenizerDataChecks
{
    public static void Check(TokenizerData data)
    {
        var count = data.Tokens.Length;
        if (count is 0 or > TokenizerData.MostTokens)
            throw new InputException($"tokenizer.ggml.tokens: {count} tokens, expected 1 to {TokenizerData.MostTokens}");
        for (var id = 0; id < count; id++)
            if (data.Tokens[id].Length > TokenizerData.LongestTokenText)
                throw new InputException(
                    $"tokenizer.ggml.tokens: token {id} has {data.Tokens[id].Length} characters, at most "
                        + $"{TokenizerData.LongestTokenText} are allowed"
                );
        if (data.Scores is { } scores)
        {
            if (scores.Length != count)
                throw new InputException($"tokenizer.ggml.scores: {scores.Length} scores for {count} tokens; convert the model again");
            if (Array.FindIndex(scores, score => !float.IsFinite(score)) is >= 0 and var bad)
                throw new InputException($"tokenizer.ggml.scores: the score of token {bad} is {scores[bad]}, expected a finite number");
        }
        if (data.TokenTypes is { } types && types.Length != count)
            throw new InputException($"tokenizer.ggml.token_type: {types.Length} types for {count} tokens; convert the model again");
        if (data.Merges is null && TokenizerKinds.Parse(data.Model) == TokenizerKind.BytePair)
            throw new InputException(
                $"tokenizer.ggml.merges: missing, but a tokenizer of kind {data.Model} needs them; convert the model again"
            );
    }
}
