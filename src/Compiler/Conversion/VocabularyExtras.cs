namespace TaalasSim.Compiler.Conversion;

/// <summary>Keys of the vocabulary that a few families get beside those of their files.</summary>
internal static class VocabularyExtras
{
    /// <summary>LLaDA.</summary>
    public static void Llada(GgufKeys keys, ModelConfig config) => keys.Add("tokenizer.ggml.add_bos_token", true);

    /// <summary>Llama: sizes of two vocabularies that need more.</summary>
    public static void Llama(GgufKeys keys, ModelConfig config)
    {
        var size = config.Size("vocab_size") ?? 32000;
        // CodeLlama
        if (size == 32016)
            foreach (var (type, id) in ((string, uint)[])[("prefix", 32007), ("suffix", 32008), ("middle", 32009), ("eot", 32010)])
                keys.Add($"tokenizer.ggml.{type}_token_id", id);
        // Small Granite models
        if (size == 49152)
            keys.Add("tokenizer.ggml.add_bos_token", false);
    }
}
