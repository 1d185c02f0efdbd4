using System.Globalization;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>
/// Unicode classes as the pre-tokenizers see them. A code point beyond ASCII is replaced by one letter that stands for its class, so
/// that a pattern sees one unit per code point, astral ones too, and needs no separate Unicode tables.
/// </summary>
internal static class CodePointClass
{
    public const char Other = '\uE0D0';
    public const char Number = '\uE0D1';
    public const char Letter = '\uE0D2';
    public const char Punctuation = '\uE0D3';
    public const char Mark = '\uE0D4';
    public const char Symbol = '\uE0D5';
    public const char HanLetter = '\uE0D6';

    /// <summary>Any white space beyond ASCII; ASCII white space stands for itself.</summary>
    public const char WhiteSpace = '\v';

    /// <summary>A cased letter of an astral script in <see cref="Literal"/>'s view.</summary>
    public const char AstralCased = '\uE0D7';

    /// <summary>The unit that stands for a code point in patterns with Unicode classes.</summary>
    public static char Collapse(int codePoint)
    {
        if (codePoint < 128)
            return (char)codePoint;
        if (IsWhiteSpace(codePoint))
            return WhiteSpace;
        return Category(codePoint) switch
        {
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Number,
            <= UnicodeCategory.OtherLetter => IsHan(codePoint) ? HanLetter : Letter,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => Mark,
            >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation => Punctuation,
            >= UnicodeCategory.MathSymbol and <= UnicodeCategory.OtherSymbol => Symbol,
            _ => Other,
        };
    }

    /// <summary>The unit that stands for a code point in patterns that list characters: itself where the plane allows.</summary>
    public static char Literal(int codePoint)
    {
        if (codePoint > 0x7F && IsWhiteSpace(codePoint))
            return WhiteSpace;
        if (codePoint > 0xFFFF)
            return IsAstralCased(codePoint) ? AstralCased : Other;
        return codePoint is >= 0xE000 and <= 0xF8FF ? Other : (char)codePoint;
    }

    /// <summary>General category in Unicode 15.1, the version of llama.cpp's tables; what was assigned later is not assigned.</summary>
    public static UnicodeCategory Category(int codePoint) =>
        IsNewer(codePoint) ? UnicodeCategory.OtherNotAssigned : CharUnicodeInfo.GetUnicodeCategory(codePoint);

    /// <summary>White space by Unicode's White_Space property.</summary>
    public static bool IsWhiteSpace(int codePoint) => codePoint <= 0xFFFF && char.IsWhiteSpace((char)codePoint);

    /// <summary>Replaces <c>\p{..}</c> in a pattern by the units of <see cref="Collapse"/>; a class in brackets gets no brackets of its
    /// own.</summary>
    public static string ExpandClasses(string pattern)
    {
        var result = new System.Text.StringBuilder();
        var inBrackets = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length && pattern[i + 1] == 'p')
            {
                var close = pattern.IndexOf('}', i);
                var units = Units(pattern[(i + 3)..close]);
                result.Append(inBrackets ? units : $"[{units}]");
                i = close;
                continue;
            }
            if (c == '\\')
            {
                result.Append(c).Append(pattern[++i]);
                continue;
            }
            inBrackets = c == '[' || (inBrackets && c != ']');
            result.Append(c);
        }
        return result.ToString();
    }

    // The ASCII members of each class beside the unit of all the others.
    private static string Units(string name) =>
        name switch
        {
            "N" => "0-9" + Number,
            "L" => "A-Za-z" + Letter + HanLetter,
            "LnoHan" => "A-Za-z" + Letter,
            "Han" => HanLetter.ToString(),
            "P" => "!-#%-*,-/:;?@\\[-\\]_{}" + Punctuation,
            "M" => Mark.ToString(),
            "S" => "$+<->^`|~" + Symbol,
            _ => throw new ArgumentException($"no character class '{name}'", nameof(name)),
        };

    // Assigned in Unicode 16.0 (DerivedAge.txt), with the gaps between neighbours.
    private static bool IsNewer(int c) =>
        c
            is 0x897
                or (>= 0x1B4E and <= 0x1B4F)
                or 0x1B7F
                or (>= 0x1C89 and <= 0x1C8A)
                or (>= 0x2427 and <= 0x2429)
                or (>= 0x31E4 and <= 0x31E5)
                or (>= 0xA7CB and <= 0xA7CD)
                or (>= 0xA7DA and <= 0xA7DC)
                or (>= 0x105C0 and <= 0x105F3)
                or (>= 0x10D40 and <= 0x10D8F)
                or (>= 0x10EC2 and <= 0x10EFC)
                or (>= 0x11380 and <= 0x113E2)
                or (>= 0x116D0 and <= 0x116E3)
                or (>= 0x11BC0 and <= 0x11BF9)
                or 0x11F5A
                or (>= 0x13460 and <= 0x143FA)
                or (>= 0x16100 and <= 0x16139)
                or (>= 0x16D40 and <= 0x16D79)
                or 0x18CFF
                or (>= 0x1CC00 and <= 0x1CEB3)
                or (>= 0x1E5D0 and <= 0x1E5FF)
                or (>= 0x1F8B2 and <= 0x1F8C1)
                or (>= 0x1FA89 and <= 0x1FA8F)
                or 0x1FABE
                or 0x1FAC6
                or (>= 0x1FADC and <= 0x1FADF)
                or 0x1FAE9
                or (>= 0x1FBCB and <= 0x1FBEF);

    private static bool IsHan(int c) =>
        c
            is (>= 0x4E00 and <= 0x9FFF)
                or (>= 0x3400 and <= 0x4DBF)
                or (>= 0x20000 and <= 0x2A6DF)
                or (>= 0x2A700 and <= 0x2EBEF)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x2F800 and <= 0x2FA1F);

    private static bool IsAstralCased(int c) =>
        c
            is (>= 0x10400 and <= 0x1044F)
                or (>= 0x104B0 and <= 0x104D3)
                or (>= 0x104D8 and <= 0x104FB)
                or (>= 0x10C80 and <= 0x10CB2)
                or (>= 0x10CC0 and <= 0x10CF2)
                or (>= 0x118A0 and <= 0x118DF)
                or (>= 0x1E900 and <= 0x1E943);
}
