using System.Text.Json;

namespace TaalasSim.Compiler.Conversion;

/// <summary>What GGUF cannot say of a model folder, or says otherwise.</summary>
internal static class ConversionNotes
{
    /// <summary>One line each.</summary>
    public static IEnumerable<string> Of(string folder, ModelConfig config, IReadOnlyList<ConvertedTensor> tensors)
    {
        var ends = Ends(folder, config);
        if (ends.Count > 1)
            yield return $"end tokens {string.Join(", ", ends)}: GGUF names one; the others count where their text says so";
        var tied = config.Find("tie_word_embeddings");
        var head = tensors.Any(t => t.Name == "output.weight");
        if (tied is { ValueKind: JsonValueKind.False } && !head)
            yield return "config.json says that the output matrix is separate, but the files hold none: it is tied to the embedding";
        if (tied is { ValueKind: JsonValueKind.True } && head)
            yield return "config.json says that the output matrix is tied, but the files hold one: it is used";
    }

    private static HashSet<string> Ends(string folder, ModelConfig config)
    {
        var ends = new HashSet<string>(StringComparer.Ordinal);
        void Take(JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Array)
                foreach (var item in value.EnumerateArray())
                    ends.Add(item.GetRawText());
            else if (value.ValueKind == JsonValueKind.Number)
                ends.Add(value.GetRawText());
        }

        if (config.Find("eos_token_id") is { } own)
            Take(own);
        if (GenerationConfig.Read(folder) is { } generation && generation.TryGetProperty("eos_token_id", out var other))
            Take(other);
        return ends;
    }
}
