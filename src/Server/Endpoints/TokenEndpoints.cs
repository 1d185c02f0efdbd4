using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Server.Requests;

namespace TaalasSim.Server.Endpoints;

/// <summary>Text to tokens and back.</summary>
internal sealed class TokenEndpoints(TextTokenizer tokenizer)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Ids of a text, with their pieces when asked.</summary>
    public async Task Tokenize(HttpContext http)
    {
        var body = await Responder.Read(http).ConfigureAwait(false);
        var ids = body.Find("content") is { } content
            ? PromptReader.Mixed(content, tokenizer, body.Flag("add_special", false), body.Flag("parse_special", true))
            : [];
        JsonArray tokens = body.Flag("with_pieces", false)
            ? [.. ids.Select(id => (JsonNode)new JsonObject { ["id"] = id, ["piece"] = Piece(Checked(id)) })]
            : [.. ids.Select(id => (JsonNode)id)];
        await Responder.Json(http, new JsonObject { ["tokens"] = tokens }).ConfigureAwait(false);
    }

    /// <summary>Text of ids.</summary>
    public async Task Detokenize(HttpContext http)
    {
        var body = await Responder.Read(http).ConfigureAwait(false);
        var bytes = new List<byte>();
        if (body.Find("tokens") is { } tokens)
        {
            if (tokens.ValueKind != JsonValueKind.Array)
                throw RequestBody.WrongType("tokens", "array", tokens);
            foreach (var token in tokens.EnumerateArray())
                bytes.AddRange(
                    tokenizer.Piece(
                        token.ValueKind == JsonValueKind.Number && token.TryGetInt32(out var id)
                            ? Checked(id)
                            : throw RequestBody.WrongType("tokens", "number", token)
                    )
                );
        }
        await Responder.Json(http, new JsonObject { ["content"] = Encoding.UTF8.GetString([.. bytes]) }).ConfigureAwait(false);
    }

    private int Checked(int id) =>
        (uint)id < (uint)tokenizer.VocabularySize
            ? id
            : throw RequestException.Invalid($"Invalid token: {id} is not below {tokenizer.VocabularySize}");

    private JsonNode Piece(int id)
    {
        var piece = tokenizer.Piece(id);
        try
        {
            return Strict.GetString(piece);
        }
        catch (DecoderFallbackException)
        {
            return new JsonArray([.. piece.ToArray().Select(b => (JsonNode)(int)b)]);
        }
    }
}
