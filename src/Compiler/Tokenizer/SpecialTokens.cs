namespace TaalasSim.Compiler.Tokenizer;

/// <summary>
/// Settles which ids play which special part. Model files often leave out the end-of-turn and fill-in-the-middle ids or give their
/// tokens the wrong type, so llama.cpp knows them by their texts; the same texts, in the same roles, are known here.
/// </summary>
internal static class SpecialTokens
{
    private static readonly string[] EotTexts =
    [
        "<|eot_id|>",
        "<|im_end|>",
        "<|end|>",
        "<end_of_turn>",
        "<|endoftext|>",
        "<|end_of_text|>",
        "<EOT>",
        "_<EOT>",
        "[EOT]",
        "<｜end▁of▁sentence｜>",
        "<end_of_utterance>",
    ];

    private static readonly string[] EogTexts =
    [
        "<|eot_id|>",
        "<|im_end|>",
        "<|end|>",
        "<|return|>",
        "<|call|>",
        "<|flush|>",
        "<|calls|>",
        "<end_of_turn>",
        "<|endoftext|>",
        "</s>",
        "<|eom_id|>",
        "<EOT>",
        "_<EOT>",
        "[EOT]",
        "[EOS]",
        "<|end_of_text|>",
        "<end_of_utterance>",
        "<eos>",
        "<turn|>",
        "<|tool_response>",
        "<｜end▁of▁sentence｜>",
        "[e~[",
    ];

    private static readonly string[] PrefixTexts =
    [
        "<|fim_prefix|>",
        "<fim-prefix>",
        "<fim_prefix>",
        "<｜fim▁begin｜>",
        "<PRE>",
        "▁<PRE>",
        "<|code_prefix|>",
        "<|prefix|>",
    ];

    private static readonly string[] SuffixTexts =
    [
        "<|fim_suffix|>",
        "<fim-suffix>",
        "<fim_suffix>",
        "<｜fim▁hole｜>",
        "<SUF>",
        "▁<SUF>",
        "<|code_suffix|>",
        "<|suffix|>",
    ];

    private static readonly string[] MiddleTexts =
    [
        "<|fim_middle|>",
        "<fim-middle>",
        "<fim_middle>",
        "<｜fim▁end｜>",
        "<MID>",
        "▁<MID>",
        "<|code_middle|>",
        "<|middle|>",
    ];

    private static readonly string[] PaddingTexts = ["<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"];

    private static readonly string[] RepositoryTexts = ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"];

    /// <summary>Returns the ids that end a generation, and corrects the attributes of tokens known by their text.</summary>
    public static HashSet<int> Settle(Vocabulary vocabulary, SpecialTokenIds ids, int eosId)
    {
        var ends = new HashSet<int>();
        var eot = ids.Eot ?? Recognise(vocabulary, EotTexts);
        var eom = ids.Eom ?? Recognise(vocabulary, ["<|eom_id|>"]);
        _ = ids.FimPrefix ?? Recognise(vocabulary, PrefixTexts);
        _ = ids.FimSuffix ?? Recognise(vocabulary, SuffixTexts);
        _ = ids.FimMiddle ?? Recognise(vocabulary, MiddleTexts);
        AddIfSet(ids.FimPadding ?? Recognise(vocabulary, PaddingTexts));
        AddIfSet(ids.FimRepository ?? Recognise(vocabulary, RepositoryTexts));
        AddIfSet(ids.FimSeparator ?? Recognise(vocabulary, ["<|file_sep|>"]));
        foreach (var text in EogTexts)
            AddIfSet(Recognise(vocabulary, [text]));
        // gpt-oss: the parts of a message are shown to the user.
        foreach (var text in (ReadOnlySpan<string>)["<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"])
            if (vocabulary.Find(text) is >= 0 and var id)
                vocabulary.Attributes[id] = TokenAttributes.UserDefined;
        AddIfSet(eosId);
        AddIfSet(eot);
        AddIfSet(eom);

        // gpt-oss and solar-open: <|end|> closes a message, not the answer.
        if (
            (Ends("<|return|>") && (Ends("<|call|>") || Ends("<|calls|>")))
            || ((Ends("<|call|>") || Ends("<|calls|>")) && Ends("<|flush|>"))
        )
            Release("<|end|>", TokenAttributes.UserDefined);
        if (Ends("<|tool_response>"))
            Release("</s>", TokenAttributes.Normal);
        return ends;

        void AddIfSet(int id)
        {
            if (id >= 0)
                ends.Add(id);
        }

        bool Ends(string text) => ends.Contains(vocabulary.Find(text));

        void Release(string text, TokenAttributes attributes)
        {
            if (ends.Remove(vocabulary.Find(text)))
                vocabulary.Attributes[vocabulary.Find(text)] = attributes;
        }
    }

    /// <summary>Attributes that no model file states and that follow from names (phi-3 and a few embedding models).</summary>
    public static void ApplyNameRules(Vocabulary vocabulary, TokenizerData data)
    {
        var name = data.ModelName?.ToLowerInvariant() ?? "";
        var pre = data.Pre ?? "";
        var architecture = data.Architecture ?? "";
        if (ContainsAny(pre, "jina-v2-de", "jina-v2-es", "jina-v2-code") || ContainsAny(architecture, "nomic-bert-moe", "jina-bert-v3"))
        {
            Set("<mask>", TokenAttributes.StripLeft);
        }
        else if (ContainsAny(name, "phi-3", "phi3"))
        {
            foreach (var text in (ReadOnlySpan<string>)["</s>", "<unk>", "<s>", "<|endoftext|>"])
                if (vocabulary.Find(text) < 0)
                    throw new ChipModel.Files.InputException(
                        $"general.name '{data.ModelName}': a phi-3 vocabulary must hold the token '{text}'; rename the model or "
                            + "convert it again"
                    );
            for (var id = 0; id < vocabulary.Count; id++)
                if (vocabulary.Has(id, TokenAttributes.Control | TokenAttributes.UserDefined | TokenAttributes.Unknown))
                    vocabulary.Attributes[id] |= TokenAttributes.StripRight;
            Set("</s>", TokenAttributes.StripRight);
            foreach (var text in (ReadOnlySpan<string>)["<unk>", "<s>", "<|endoftext|>"])
                vocabulary.Attributes[vocabulary.Find(text)] &= ~TokenAttributes.StripRight;
        }
        else if (ContainsAny(name, "modern-bert"))
        {
            Set("[MASK]", TokenAttributes.StripLeft);
        }

        void Set(string text, TokenAttributes attribute)
        {
            if (vocabulary.Find(text) is >= 0 and var id)
                vocabulary.Attributes[id] |= attribute;
        }
    }

    // The lowest id with one of the texts, or -1; it is made a control token, whatever its type says.
    private static int Recognise(Vocabulary vocabulary, ReadOnlySpan<string> texts)
    {
        var found = -1;
        foreach (var text in texts)
            if (vocabulary.Find(text) is >= 0 and var id && (found < 0 || id < found))
                found = id;
        if (found >= 0)
            vocabulary.Attributes[found] |= TokenAttributes.Control;
        return found;
    }

    private static bool ContainsAny(string text, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
            if (text.Contains(part, StringComparison.Ordinal))
                return true;
        return false;
    }
}
