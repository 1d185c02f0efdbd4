using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Filters on text.</summary>
internal static partial class JinjaTextFilters
{
    public static IEnumerable<KeyValuePair<string, JinjaOperation>> All { get; } =
    [
        new("trim", JinjaOperation.Of(call => JinjaText.Strip(call.Text, call.Get(0) as string, start: true, end: true), "chars?")),
        new("upper", JinjaOperation.Of(call => call.Made(JinjaText.Upper(call.Text)))),
        new("lower", JinjaOperation.Of(call => call.Made(call.Text.ToLowerInvariant()))),
        new("capitalize", JinjaOperation.Of(call => call.Made(JinjaText.Capitalize(call.Text)))),
        new("title", JinjaOperation.Of(call => call.Made(string.Concat(WordStart().Split(call.Text).Select(JinjaText.Capitalize))))),
        new("replace", JinjaOperation.Of(Replace, "old, new, count?")),
        new("indent", JinjaOperation.Of(call => call.Made(Indent(call)), "width?, first?, blank?")),
        new("center", JinjaOperation.Of(call => JinjaText.Center(call.Text, call.SizeAt(0, 80), " "), "width?")),
        new("truncate", JinjaOperation.Of(Truncate, "length?, killwords?, end?, leeway?")),
        new("wordcount", JinjaOperation.Of(call => (long)Word().Count(call.Text))),
        new("format", JinjaOperation.Of(call => call.Made(JinjaFormat.Percent(call)), "*")),
        new("escape", JinjaOperation.Of(call => call.Made(JinjaMarkup.Escaped(call.Target)))),
        new("e", JinjaOperation.Of(call => call.Made(JinjaMarkup.Escaped(call.Target)))),
        new("forceescape", JinjaOperation.Of(call => call.Made(JinjaMarkup.Of(JinjaMarkup.Escape(call.Text))))),
        new("striptags", JinjaOperation.Of(StripTags)),
        new("urlencode", JinjaOperation.Of(UrlEncode)),
    ];

    private static object Replace(JinjaCall call) =>
        JinjaText.Replace(
            call,
            call.Text,
            JinjaValues.ToText(call.Get(0)),
            JinjaValues.ToText(call.Get(1)),
            call.Get(2) is null ? -1 : call.WholeAt(2)
        );

    private static string Indent(JinjaCall call)
    {
        var margin = call.Get(0, 4L) as string ?? new string(' ', (int)Math.Clamp(call.WholeAt(0, 4), 0, 1000));
        var lines = JinjaText.Lines(call.Text + "\n", keepEnds: false);
        call.Budget.Spend(call.Line, (long)lines.Count * margin.Length);
        var (first, blank) = (call.Flag(1), call.Flag(2));
        return string.Join('\n', lines.Select((line, i) => (i == 0 ? first : blank || line.Length > 0) ? margin + line : line));
    }

    private static string Truncate(JinjaCall call)
    {
        var text = call.Text;
        var end = call.TextAt(2, "...");
        var length = call.WholeAt(0, 255);
        if (length < end.Length)
            throw call.Fault($"the length must be at least {end.Length}");
        if (text.Length <= length + call.WholeAt(3, 5))
            return text;
        var kept = text[..(int)(length - end.Length)];
        var blank = kept.LastIndexOf(' ');
        return (call.Flag(1) || blank < 0 ? kept : kept[..blank]) + end;
    }

    private static string StripTags(JinjaCall call) =>
        WebUtility.HtmlDecode(string.Join(' ', JinjaText.Words(Tag().Replace(call.Made(call.Text), ""))));

    private static string UrlEncode(JinjaCall call) =>
        call.Target switch
        {
            JinjaMap map => Pairs(map.Select(item => (item.Key, item.Value))),
            List<object?> list => Pairs(
                list.Select(item => item is List<object?> { Count: 2 } pair ? (pair[0], pair[1]) : throw call.Fault("needs pairs"))
            ),
            _ => Quoted(call.Text, keepsSlash: true),
        };

    private static string Pairs(IEnumerable<(object? Key, object? Value)> pairs) =>
        string.Join(
            '&',
            pairs.Select(pair =>
                $"{QuotedPart(pair.Key)}={QuotedPart(pair.Value)}"
            )
        );

    // Of a query: a blank is a plus.
    private static string QuotedPart(object? value) =>
        Quoted(JinjaValues.ToText(value), keepsSlash: false).Replace("%20", "+", StringComparison.Ordinal);

    private static string Quoted(string text, bool keepsSlash)
    {
        var quoted = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
            if (char.IsAsciiLetterOrDigit((char)b) || "_.-~".Contains((char)b) || (keepsSlash && b == '/'))
                quoted.Append((char)b);
            else
                quoted.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        return quoted.ToString();
    }

    [GeneratedRegex(@"(?<start>[-\s({\[<]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex WordStart();

    [GeneratedRegex(@"\w+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Word();

    [GeneratedRegex(@"<!--[\s\S]*?-->|<[^>]*>", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Tag();
}
