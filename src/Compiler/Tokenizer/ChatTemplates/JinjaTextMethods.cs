using System.Globalization;
using System.Text;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Python's methods of text.</summary>
internal static class JinjaTextMethods
{
    public static Dictionary<string, JinjaOperation> All { get; } =
        new(StringComparer.Ordinal)
        {
            ["strip"] = Of(call => JinjaText.Strip(call.Text, Characters(call), start: true, end: true), "chars?"),
            ["lstrip"] = Of(call => JinjaText.Strip(call.Text, Characters(call), start: true, end: false), "chars?"),
            ["rstrip"] = Of(call => JinjaText.Strip(call.Text, Characters(call), start: false, end: true), "chars?"),
            ["upper"] = Of(call => JinjaText.Upper(call.Text)),
            ["lower"] = Of(call => call.Text.ToLowerInvariant()),
            ["casefold"] = Of(call => JinjaText.Folded(call.Text)),
            ["capitalize"] = Of(call => JinjaText.Capitalize(call.Text)),
            ["title"] = Of(call => JinjaText.Title(call.Text)),
            ["swapcase"] = Of(call => JinjaText.SwapCase(call.Text)),
            ["startswith"] = Of(
                call => HasPart(call, (text, part) => text.StartsWith(part, StringComparison.Ordinal)),
                "prefix, start?, end?"
            ),
            ["endswith"] = Of(call => HasPart(call, (text, part) => text.EndsWith(part, StringComparison.Ordinal)), "suffix, start?, end?"),
            ["find"] = Of(call => Find(call, last: false), "sub, start?, end?"),
            ["rfind"] = Of(call => Find(call, last: true), "sub, start?, end?"),
            ["index"] = Of(call => Found(call, Find(call, last: false)), "sub, start?, end?"),
            ["rindex"] = Of(call => Found(call, Find(call, last: true)), "sub, start?, end?"),
            ["count"] = Of(Count, "sub, start?, end?"),
            ["replace"] = Of(Replace, "old, new, count?"),
            ["split"] = Of(call => Split(call, fromEnd: false), "sep?, maxsplit?"),
            ["rsplit"] = Of(call => Split(call, fromEnd: true), "sep?, maxsplit?"),
            ["splitlines"] = Of(call => call.Made(JinjaText.Lines(call.Text, call.Flag(0))), "keepends?"),
            ["partition"] = Of(call => Partition(call, last: false), "sep"),
            ["rpartition"] = Of(call => Partition(call, last: true), "sep"),
            ["join"] = Of(Join, "iterable"),
            ["format"] = Of(call => call.Made(JinjaFormat.Braces(call)), "*"),
            ["center"] = Of(call => JinjaText.Center(call.Text, call.SizeAt(0, 0), Fill(call)), "width, fillchar?"),
            ["ljust"] = Of(call => call.Text + JinjaText.Repeat(Fill(call), Missing(call)), "width, fillchar?"),
            ["rjust"] = Of(call => JinjaText.Repeat(Fill(call), Missing(call)) + call.Text, "width, fillchar?"),
            ["zfill"] = Of(ZeroFill, "width"),
            ["removeprefix"] = Of(
                call => call.Text.StartsWith(call.TextAt(0), StringComparison.Ordinal) ? call.Text[call.TextAt(0).Length..] : call.Text,
                "prefix"
            ),
            ["removesuffix"] = Of(
                call => call.Text.EndsWith(call.TextAt(0), StringComparison.Ordinal) ? call.Text[..^call.TextAt(0).Length] : call.Text,
                "suffix"
            ),
            ["expandtabs"] = Of(ExpandTabs, "tabsize?"),
            ["isdigit"] = Of(call => JinjaText.All(call.Text, JinjaText.IsDigit)),
            ["isdecimal"] = Of(call =>
                JinjaText.All(call.Text, rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
            ),
            ["isnumeric"] = Of(call => JinjaText.All(call.Text, rune => Rune.IsNumber(rune))),
            ["isalpha"] = Of(call => JinjaText.All(call.Text, Rune.IsLetter)),
            ["isalnum"] = Of(call => JinjaText.All(call.Text, rune => Rune.IsLetter(rune) || Rune.IsNumber(rune))),
            ["isspace"] = Of(call => JinjaText.All(call.Text, rune => rune.IsBmp && JinjaText.IsWhiteSpace((char)rune.Value))),
            ["isascii"] = Of(call => call.Text.All(char.IsAscii)),
            ["isupper"] = Of(call => JinjaText.IsCased(call.Text, upper: true)),
            ["islower"] = Of(call => JinjaText.IsCased(call.Text, upper: false)),
            ["istitle"] = Of(call => call.Text.Any(char.IsLetter) && JinjaText.Title(call.Text) == call.Text),
        };

    private static JinjaOperation Of(Func<JinjaCall, object?> run, string signature = "") =>
        JinjaOperation.Of(
            call =>
            {
                call.Budget.Spend(call.Line, call.Text.Length);
                return run(call);
            },
            signature
        );

    private static string? Characters(JinjaCall call) => call.Get(0) is null ? null : call.TextAt(0);

    private static string Fill(JinjaCall call) =>
        call.TextAt(1, " ") is { } fill && JinjaValues.CodePoints(fill) == 1 ? fill : throw call.Fault("fills with one character");

    private static int Missing(JinjaCall call) => call.SizeAt(0, 0) - (int)JinjaValues.CodePoints(call.Text);

    // The part of the text between the optional bounds, in UTF-16 units, and its start; null where the start lies behind the end.
    private static (string Text, int Start)? Window(JinjaCall call)
    {
        var text = call.Text;
        if (!call.Has(1) && !call.Has(2))
            return (text, 0);
        var count = (int)JinjaValues.CodePoints(text);
        var start = call.Get(1) is null ? 0 : call.WholeAt(1);
        var end = call.Get(2) is null ? count : call.WholeAt(2);
        start = start < 0 ? Math.Max(0, start + count) : start;
        end = Math.Min(end < 0 ? Math.Max(0, end + count) : end, count);
        if (start > end)
            return null;
        var (from, to) = (Unit(text, start), Unit(text, end));
        return (text[from..to], from);
    }

    private static int Unit(string text, long codePoint)
    {
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (codePoint-- <= 0)
                break;
            at += rune.Utf16SequenceLength;
        }
        return at;
    }

    private static object HasPart(JinjaCall call, Func<string, string, bool> holds)
    {
        var window = Window(call);
        return call.Get(0) switch
        {
            string part => window is { } w && holds(w.Text, part),
            JinjaTuple parts => window is { } w
                && parts.Exists(part => holds(w.Text, part as string ?? throw call.Fault("a tuple of texts is needed"))),
            _ => throw call.Fault("needs text or a tuple of texts"),
        };
    }

    private static object Find(JinjaCall call, bool last)
    {
        var part = call.TextAt(0);
        if (Window(call) is not { } window)
            return -1L;
        var at = last ? window.Text.LastIndexOf(part, StringComparison.Ordinal) : window.Text.IndexOf(part, StringComparison.Ordinal);
        return at < 0 ? -1L : JinjaValues.CodePoints(call.Text[..(window.Start + at)]);
    }

    private static object Found(JinjaCall call, object at) => at is -1L ? throw call.Fault("the text does not hold this part") : at;

    private static object Count(JinjaCall call)
    {
        var part = call.TextAt(0);
        return Window(call) is not { } window ? 0L
            : part.Length == 0 ? JinjaValues.CodePoints(window.Text) + 1
            : window.Text.AsSpan().Count(part);
    }

    private static object Replace(JinjaCall call) =>
        JinjaText.Replace(call, call.Text, call.TextAt(0), call.TextAt(1), call.WholeAt(2, -1));

    private static List<object?> Split(JinjaCall call, bool fromEnd)
    {
        var separator = call.Get(0) is null ? null : call.TextAt(0);
        if (separator is "")
            throw call.Fault("the separator is empty");
        return call.Made(JinjaText.Split(call.Text, separator, call.WholeAt(1, -1), fromEnd));
    }

    private static JinjaTuple Partition(JinjaCall call, bool last)
    {
        var (text, separator) = (call.Text, call.TextAt(0));
        if (separator.Length == 0)
            throw call.Fault("the separator is empty");
        var at = last ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        return at >= 0 ? new JinjaTuple([text[..at], separator, text[(at + separator.Length)..]])
            : last ? new JinjaTuple(["", "", text])
            : new JinjaTuple([text, "", ""]);
    }

    private static string Join(JinjaCall call)
    {
        var parts = JinjaValues
            .Items(call.Budget, call.Line, call.Get(0))
            .Select(part => part as string ?? throw call.Fault($"joins text, not {JinjaOperators.NameOf(part)}"))
            .ToList();
        call.Budget.Spend(call.Line, parts.Sum(part => (long)part.Length + call.Text.Length));
        return string.Join(call.Text, parts);
    }

    private static string ZeroFill(JinjaCall call)
    {
        var text = call.Text;
        var sign = text.StartsWith('-') || text.StartsWith('+') ? 1 : 0;
        return text[..sign] + JinjaText.Repeat("0", Missing(call)) + text[sign..];
    }

    private static string ExpandTabs(JinjaCall call)
    {
        var size = (int)Math.Clamp(call.WholeAt(0, 8), 0, 1000);
        var expanded = new StringBuilder();
        var column = 0;
        foreach (var c in call.Text)
        {
            if (c == '\t')
            {
                var blanks = size == 0 ? 0 : size - (column % size);
                call.Budget.Spend(call.Line, blanks);
                expanded.Append(' ', blanks);
                column += blanks;
                continue;
            }
            expanded.Append(c);
            column = c is '\n' or '\r' ? 0 : column + 1;
        }
        return expanded.ToString();
    }
}
