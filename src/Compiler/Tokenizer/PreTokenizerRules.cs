using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>
/// The pre-tokenizers by name, with the patterns that llama.cpp uses for them. Where its pattern could take quadratic time an
/// equivalent one is used here.
/// </summary>
internal static class PreTokenizerRules
{
    private const string AnyCaseContraction = @"'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]";
    private const string Contraction = "'s|'t|'re|'ve|'m|'ll|'d";
    private const string WhiteSpaceRuns = @"\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string LettersAndPunctuation = @"[^\r\n\p{L}\p{N}]?\p{L}+|{digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + WhiteSpaceRuns;
    private const string AsciiPunctuation = @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]";
    private const string DeepSeekWords =
        AsciiPunctuation + @"[A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|" + WhiteSpaceRuns;
    private const string CjkAndKana = "[一-龥\u3040-ゟ゠-ヿ]+";
    private const string CjkAndHangul = "[一-龥ࠀ-一가-\uD7FF]+";

    // Cased letters as DeepSeek lists them (neither all of Unicode's nor those of one version); astral ones share a unit.
    private const string CasedLetters =
        "["
        + "\u0041-\u005A\u0061-\u007A\u00B5\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u01BA\u01BC-\u01BF\u01C4-\u0293\u0295-\u02AF"
        + "\u0370-\u0373\u0376\u0377\u037B-\u037D\u037F\u0386\u0388-\u038A\u038C\u038E-\u03A1\u03A3-\u03F5\u03F7-\u0481"
        + "\u048A-\u052F\u0531-\u0556\u10A0-\u10C5\u13A0-\u13F5\u13F8-\u13FD\u1C90-\u1CBA\u1CBD-\u1CBF\u1D00-\u1D2B"
        + "\u1D6B-\u1D77\u1D79-\u1D9A\u1E00-\u1F15\u1F18-\u1F1D\u1F20-\u1F45\u1F48-\u1F4D\u1F50-\u1F57\u1F59\u1F5B\u1F5D"
        + "\u1F5F-\u1F7D\u1F80-\u1FB4\u1FB6-\u1FBC\u1FBE\u1FC2-\u1FC4\u1FC6-\u1FCC\u1FD0-\u1FD3\u1FD6-\u1FDB\u1FE0-\u1FEC"
        + "\u1FF2-\u1FF4\u1FF6-\u1FFC\u2102\u2107\u210A-\u2113\u2115\u2119-\u211D\u2124\u2126\u2128\u212A-\u212D\u212F-\u2134"
        + "\u2139\u213C-\u213F\u2145-\u2149\u214E\u2183\u2184\u2C00-\u2C7B\u2C7E-\u2CE4\u2CEB-\u2CEE\u2CF2\u2CF3\uA640-\uA66D"
        + "\uA680-\uA69B\uA722-\uA76F\uA771-\uA787\uA78B-\uA78E\uAB70-\uABBF\uFB00-\uFB06\uFB13-\uFB17\uFF21-\uFF3A"
        + "\uFF41-\uFF5A\uE0D7"
        + "]+";

    private const string WithoutPunctuation = @" ?[^(\s|.,!?…。，、।۔،)]+";

    private static readonly string Gpt2 = Contraction + @"| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)";
    private static readonly string Qwen2 = Words(@"\p{N}");

    // Upper- and lower-case runs: letters that are no a-z, then letters that are no A-Z.
    private const string NotLower = @"(?![a-z])\p{L}";
    private const string NotUpper = @"(?![A-Z])\p{L}";
    private const string Lead = @"[^\r\n\p{L}\p{N}]?";

    private static readonly Dictionary<string, PreTokenizerRule> ByName = Build();

    /// <summary>Names understood, sorted.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    public static PreTokenizerRule Find(string name) =>
        ByName.TryGetValue(name, out var rule)
            ? rule
            : throw new InputException(
                $"tokenizer.ggml.pre: unknown pre-tokenizer '{name}'; convert the model with one of: {string.Join(", ", Names)}"
            );

    private static string Words(string digits) =>
        $"(?:{AnyCaseContraction})|" + LettersAndPunctuation.Replace("{digits}", digits, StringComparison.Ordinal);

    private static string CasedWords(string digits, string contraction, string upper, string lower) =>
        $@"{Lead}(?:{upper})*(?:{lower})+{contraction}|{Lead}(?:{upper})+(?:{lower})*{contraction}|{digits}"
        + $@"| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{WhiteSpaceRuns}";

    private static Dictionary<string, PreTokenizerRule> Build()
    {
        var rules = new RuleTable();
        AddWords(rules);
        AddGpt2(rules);
        AddCasedWords(rules);
        AddChinese(rules);
        AddOthers(rules);
        return rules.ByName;
    }

    // Words with any letter before them, the digits of Llama 3 or one by one.
    private static void AddWords(RuleTable rules)
    {
        const string marked = @"[\p{L}\p{M}]";
        var llama3 = new PreTokenizerRule { Patterns = [Words(@"\p{N}{1,3}")] };
        rules.Add(
            llama3 with
            {
                WholeWordFirst = true,
                AddBos = true,
            },
            "llama3",
            "llama-v3",
            "llama-bpe",
            "falcon3",
            "falcon-h1",
            "pixtral",
            "midm-2.0",
            "lfm2",
            "jina-v5-nano"
        );
        rules.Add(llama3, "dbrx", "smaug-bpe", "glm4", "chatglm-bpe");
        rules.Add(
            new() { Patterns = [Qwen2] },
            "qwen2",
            "deepseek-r1-qwen",
            "kormo",
            "f2llmv2",
            "stablelm2",
            "megrez",
            "hunyuan",
            "solar-open",
            "grok-2"
        );
        rules.Add(
            new()
            {
                Patterns =
                [
                    $@"(?:{AnyCaseContraction})|[^\r\n\p{{L}}\p{{N}}]?{marked}+|\p{{N}}"
                        + $@"| ?[^\s\p{{L}}\p{{M}}\p{{N}}]+[\r\n]*|{WhiteSpaceRuns}",
                ],
            },
            "qwen35"
        );
        rules.Add(new() { Patterns = [LettersAndPunctuation.Replace("{digits}", @"\p{N}", StringComparison.Ordinal)] }, "ufakzeka");
    }

    // GPT-2's words and those that split digits first.
    private static void AddGpt2(RuleTable rules)
    {
        rules.Add(
            new() { Patterns = [Gpt2] },
            "gpt-2",
            "phi-2",
            "roberta-bpe",
            "jina-es",
            "jina-de",
            "jina-v1-en",
            "jina-v2-es",
            "jina-v2-de",
            "jina-v2-code",
            "gigachat",
            "a.x-4.0",
            "mellum",
            "modern-bert",
            "mpt",
            "olmo",
            "jais",
            "trillion",
            "granite-docling",
            "exaone4"
        );
        rules.Add(
            new() { Patterns = [@"\p{N}", Gpt2] },
            "starcoder",
            "refact",
            "command-r",
            "smollm",
            "codeshell",
            "exaone",
            "minerva-7b",
            "mellum2"
        );
    }

    // Words cut where lower case turns into upper case.
    private static void AddCasedWords(RuleTable rules)
    {
        var contraction = $"(?:{AnyCaseContraction})?";
        const string marked = @"[\p{L}\p{M}]";
        rules.Add(
            new()
            {
                Patterns = [CasedWords(@"\p{N}", "", NotLower, NotUpper)],
                WholeWordFirst = true,
                AddBos = true,
            },
            "tekken"
        );
        rules.Add(
            new() { Patterns = [CasedWords(@"\p{N}{1,3}", contraction, NotLower, NotUpper)] },
            "gpt-4o",
            "llama4",
            "kanana2",
            "talkie",
            "minimax-m2"
        );
        rules.Add(
            new()
            {
                Patterns = [CasedWords(@"\p{N}{1,3}", contraction, "(?![a-z])" + marked, "(?![A-Z])" + marked)],
                WholeWordFirst = true,
            },
            "granite-embed-multi-97m"
        );
        rules.Add(
            new()
            {
                Patterns =
                [
                    "[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|" + CjkAndKana,
                    CasedWords(@"\p{N}", contraction, marked, marked),
                ],
                WholeWordFirst = true,
            },
            "youtu"
        );
        rules.Add(
            new()
            {
                Patterns = [$@"\p{{Han}}+|{Lead}\p{{LnoHan}}+{contraction}|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{WhiteSpaceRuns}"],
            },
            "kimi-k2"
        );
    }

    // Scripts without spaces between words.
    private static void AddChinese(RuleTable rules)
    {
        rules.Add(new() { Patterns = [@"\p{N}{1,3}", CjkAndKana, DeepSeekWords] }, "deepseek-v3", "hunyuan-dense", "hy_v4", "joyai-llm");
        // The white space at the very end: the look-behind only keeps the search from starting again inside a run.
        rules.Add(
            new()
            {
                Patterns = [@"[\r\n]", @"\s?" + CasedLetters, @"\s?[!-/:-~！-／：-～‘-‟　-。]+", @"(?<!\s)\s+\z", CjkAndHangul, @"\p{N}+"],
            },
            "deepseek-llm"
        );
        rules.Add(new() { Patterns = [@"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", CjkAndHangul, @"\p{N}"] }, "deepseek-coder");
    }

    // All others.
    private static void AddOthers(RuleTable rules)
    {
        rules.Add(new() { Patterns = [@"[\p{P}$+<=>^~|`]+", Gpt2, "[0-9][0-9][0-9]"] }, "falcon");
        rules.Add(new() { Patterns = [@"[\p{P}$+<=>^~|]+", Gpt2, @"\p{N}+", "[0-9][0-9][0-9]"] }, "default");
        rules.Add(new() { Patterns = [WithoutPunctuation] }, "poro-chat", "bloom", "gpt3-finnish");
        rules.Add(new() { Patterns = [WithoutPunctuation, @"\p{N}"] }, "viking");
        rules.Add(
            new()
            {
                Patterns =
                [
                    @"'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
                        + @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
                ],
            },
            "bailingmoe",
            "bailingmoe2",
            "llada-moe"
        );
        rules.Add(
            new()
            {
                Patterns =
                [
                    $@"(?:{AnyCaseContraction})|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}\r\n]+|{WhiteSpaceRuns}",
                ],
            },
            "seed-coder"
        );
        rules.Add(new() { Patterns = ["[^\\n]+|[\\n]+", Qwen2] }, "laguna");
        rules.Add(new() { Patterns = [@"\p{N}{1,3}", Words(@"\p{N}+")], WholeWordFirst = true }, "minicpm5");
        rules.Add(
            new()
            {
                Patterns = ["[^\\n]+|[\\n]+"],
                PlainText = true,
                AlwaysAddBos = true,
                NewlinesAsOneToken = true,
            },
            "gemma4"
        );
        rules.Add(new() { Patterns = ["[^\\n]+|[\\n]+"], PlainText = true }, "sarvam-moe");
    }

    private sealed class RuleTable
    {
        public Dictionary<string, PreTokenizerRule> ByName { get; } = new(StringComparer.Ordinal);

        public void Add(PreTokenizerRule rule, params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
                ByName.Add(name, rule);
        }
    }
}
