using System.Text.Json;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Server.Requests;

/// <summary>Reads prompts: text, token ids, a mixture of both, or a list of these.</summary>
public static class PromptReader
{
    /// <summary>Every prompt of a field as token ids.</summary>
    /// <exception cref="RequestException">It is none of those, or empty.</exception>
    public static IReadOnlyList<int[]> Read(JsonElement prompt, TextTokenizer tokenizer)
    {
        var isOne = prompt.ValueKind != JsonValueKind.Array || prompt.EnumerateArray().Any(e => e.ValueKind == JsonValueKind.Number);
        IReadOnlyList<int[]> prompts = isOne ? [One(prompt, tokenizer)] : [.. prompt.EnumerateArray().Select(e => One(e, tokenizer))];
        if (prompts.Count == 0 || prompts.Any(ids => ids.Length == 0))
            throw RequestException.Invalid("\"prompt\" must not be empty");
        foreach (var ids in prompts)
        foreach (var id in ids)
            if ((uint)id >= (uint)tokenizer.VocabularySize)
                throw RequestException.Invalid($"Prompt contains invalid tokens: {id} is not below {tokenizer.VocabularySize}");
        return prompts;
    }

    /// <summary>Ids of a text, or of a list of texts and ids; only the first text gets what the tokenizer adds.</summary>
    public static int[] Mixed(JsonElement content, TextTokenizer tokenizer, bool addSpecial, bool parseSpecial)
    {
        if (content.ValueKind == JsonValueKind.String)
            return tokenizer.Encode(content.GetString()!, addSpecial, parseSpecial);
        if (content.ValueKind != JsonValueKind.Array)
            throw RequestException.Invalid(
                "\"prompt\" elements must be a string, a list of tokens, a JSON object, or a list of mixed strings & tokens."
            );
        var ids = new List<int>();
        var isFirst = true;
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.String)
                ids.AddRange(tokenizer.Encode(part.GetString()!, addSpecial && isFirst, parseSpecial));
            else if (part.ValueKind == JsonValueKind.Number && part.TryGetInt32(out var id))
                ids.Add(id);
            else
                throw RequestException.Invalid(
                    "\"prompt\" elements must be a string, a list of tokens, a JSON object, or a list of mixed strings & tokens."
                );
            isFirst = false;
        }
        return [.. ids];
    }

    private static int[] One(JsonElement prompt, TextTokenizer tokenizer)
    {
        if (prompt.ValueKind == JsonValueKind.Object)
        {
            if (prompt.TryGetProperty("multimodal_data", out _))
                throw RequestException.Invalid("Multimodal data provided, but model does not support multimodal requests.");
            if (prompt.TryGetProperty("prompt_string", out var text) && text.ValueKind == JsonValueKind.String)
                return tokenizer.Encode(text.GetString()!, addSpecial: true, parseSpecial: true);
        }
        return Mixed(prompt, tokenizer, addSpecial: true, parseSpecial: true);
    }
}
