using System.Text;

namespace TaalasSim.Compiler.Tests.Tokenizer;

/// <summary>Texts drawn from a seed out of what tokenizers trip over, and merges that give away every word boundary.</summary>
internal static class SeededTexts
{
    public const int Count = 600;

    // Contractions in every case, digits of several scripts, white space of every kind, marks, joiners, cased and astral letters, special
    // tokens, characters of Unicode 16.
    private static readonly string[] Pieces =
    [
        " ",
        " ",
        " ",
        "  ",
        "   ",
        "\t",
        "\n",
        "\n\n",
        "\r\n",
        " \n ",
        "\v",
        "\f",
        "\u001C",
        "\u0085",
        "\u00A0",
        "\u2003",
        "\u2028",
        "\u3000",
        "\u200B",
        "\uFEFF",
        "'s",
        "'S",
        "'Re",
        "'VE",
        "'ll",
        "'d",
        "'x",
        "'",
        "’s",
        "’",
        "\"",
        "'ſ",
        "Hello",
        "WORLD",
        "camelCase",
        "HTTPServer",
        "iPhone",
        "naïve",
        "Straße",
        "Ελλάδα",
        "привет",
        "МИР",
        "ǅ",
        "ʰ",
        "你好",
        "日本語",
        "ひらがな",
        "カタカナ",
        "ー",
        "々",
        "한국어",
        "ㄱㄴ",
        "ㄅㄆ",
        "ไทย",
        "हिन्दी",
        "العربية",
        "עברית",
        "தமிழ்",
        "e\u0301",
        "\u0308\u0323",
        "\u20DD",
        "\u093E",
        "1",
        "22",
        "333",
        "4444",
        "1234567",
        "3.14",
        "1,000",
        "x²",
        "½",
        "Ⅷ",
        "١٢٣",
        "१२३",
        "３４",
        "𝟙𝟚",
        "𝔘𝔫𝔦",
        "𐐀𐐨",
        "𞤀",
        "𠀀",
        "豈",
        "\U00013460",
        "\U00010D40",
        "\u0897",
        "\U0001CC00",
        "👍🏽",
        "👨‍👩‍👧",
        "🇩🇪",
        "1️⃣",
        "❤️",
        "$",
        "€",
        "£5",
        "~",
        "`",
        "^",
        "|",
        "+",
        "<=",
        "!=",
        "&&",
        "//",
        "/*",
        "#",
        "@",
        "_",
        "-",
        "—",
        "…",
        "(",
        ")",
        "[]",
        "{",
        "}",
        ".",
        ",",
        "?!",
        "\\",
        "！",
        "。",
        "、",
        "・",
        "「",
        "﹏",
        "‘x’",
        "“y”",
        "ﷺ",
        "ࠀ",
        "\uE000",
        "\uFFFD",
        "\u0001",
        "\u007F",
        "<s>",
        "</s>",
        "<|endoftext|>",
        "<|im_end|>",
        "▁",
        "Ġ",
        "<0x41>",
    ];

    /// <summary>The texts.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enumerable.Range(0, Count).Select(Text)];

    /// <summary>Every pair of bytes as a merge, ranked at random: two neighbours in a word can merge, two in different words
    /// never.</summary>
    public static string[] EveryPair { get; } =
    [.. Enumerable.Range(0, 1 << 16).OrderBy(pair => Hash((uint)pair)).Select(pair => $"{Letter(pair >> 8)} {Letter(pair & 255)}")];

    // The byte alphabet in the order of its letters: U+0021–7E, A1–AC, AE–143.
    private static char Letter(int index) =>
        (char)(
            index < 94 ? 0x21 + index
            : index < 106 ? 0xA1 + index - 94
            : 0xAE + index - 106
        );

    private static string Text(int index)
    {
        var text = new StringBuilder();
        for (uint i = 0; i <= Hash((uint)index) % 9; i++)
            text.Append(Pieces[Hash(((uint)index << 8) + i + 1) % Pieces.Length]);
        return text.ToString();
    }

    private static uint Hash(uint h)
    {
        h = (h ^ (h >> 16)) * 0x7FEB352Du;
        h = (h ^ (h >> 15)) * 0x846CA68Bu;
        return h ^ (h >> 16);
    }
}
