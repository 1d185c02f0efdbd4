using System.Text;
using System.Text.Json.Nodes;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Server.Slots;

namespace TaalasSim.Server.Answers;

/// <summary>Tokens with their probabilities.</summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="isPost">Whether the probabilities are those after sampling: told as they are, not as logarithms.</param>
internal sealed class TokenJson(TextTokenizer tokenizer, bool isPost)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    /// <summary>A list of tokens.</summary>
    public JsonArray List(IEnumerable<GeneratedToken> tokens) => new([.. tokens.Select(t => (JsonNode)One(t))]);

    private JsonObject One(GeneratedToken token)
    {
        var json = Entry(new TokenProbability(token.Id, token.Probability));
        json[isPost ? "top_probs" : "top_logprobs"] = new JsonArray([.. token.Top.Select(t => (JsonNode)Entry(t))]);
        return json;
    }

    private JsonObject Entry(TokenProbability token)
    {
        var piece = tokenizer.IsSpecial(token.Id) ? [] : tokenizer.Piece(token.Id);
        var json = new JsonObject
        {
            ["id"] = token.Id,
            ["token"] = WholeCharacters(piece),
            ["bytes"] = new JsonArray([.. piece.ToArray().Select(b => (JsonNode)(int)b)]),
        };
        json[isPost ? "prob" : "logprob"] = isPost
            ? JsonText.Real(token.P)
            : JsonText.Real(token.P == 0 ? float.MinValue : MathF.Log(token.P));
        return json;
    }

    // A character that is cut at the end of a token is left out.
    private static string WholeCharacters(ReadOnlySpan<byte> piece)
    {
        var length = piece.Length;
        var at = 0;
        while (at < length)
        {
            var status = Rune.DecodeFromUtf8(piece[at..], out _, out var used);
            if (status == System.Buffers.OperationStatus.NeedMoreData)
                break;
            at += used;
        }
        return Strict.GetString(piece[..at]);
    }
}
