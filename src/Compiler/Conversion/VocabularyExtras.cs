namespace TaalasSim.Compiler.Conversion;

/// <summary>Keys of the vocabulary that a few families get beside those of their files.</summary>
internal static class VocabularyExtras
{
    /// <summary>Writes them.</summary>
    public static void Write(GgufKeys keys, ModelClass kind, ModelConfig config)
    {
        if (kind.Architecture == "llada")
            keys.Add("tokenizer.ggml.add_bos_token", true);
        if (kind.Architecture is not ("llama" or "mistral3"))
            return;
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
