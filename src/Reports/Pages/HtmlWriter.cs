using System.Text;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Reports.Pages;

/// <summary>Writes HTML that is well-formed XML as well: every tag is closed and every text and attribute escaped.</summary>
public sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    /// <summary>An element with content.</summary>
    public HtmlWriter Element(string tag, Action content, params (string Name, string Value)[] attributes)
    {
        Tag(tag, attributes);
        _text.Append('>');
        _open.Push(tag);
        content();
        _open.Pop();
        _text.Append("</").Append(tag).Append('>');
        if (Blocks.Contains(tag))
            _text.Append('\n');
        return this;
    }

    /// <summary>An element with text alone.</summary>
    public HtmlWriter Element(string tag, string text, params (string Name, string Value)[] attributes) =>
        Element(tag, () => Text(text), attributes);

    /// <summary>An element that has no content, such as <c>img</c>.</summary>
    public HtmlWriter Void(string tag, params (string Name, string Value)[] attributes)
    {
        Tag(tag, attributes);
        _text.Append("/>");
        return this;
    }

    /// <summary>Content that may be wider than the page: it scrolls by itself, also with the keyboard.</summary>
    /// <param name="name">What it is, for readers who hear the page.</param>
    /// <param name="content">Content.</param>
    public HtmlWriter Scrolled(string name, Action content) =>
        Element("div", content, ("class", "wide"), ("tabindex", "0"), ("role", "region"), ("aria-label", name));

    /// <summary>Text; markup in it is escaped.</summary>
    public HtmlWriter Text(string text)
    {
        _text.Append(XmlText.Escaped(text));
        return this;
    }

    /// <summary>The style sheet, which must not hold <c>&lt;</c> or <c>&amp;</c>.</summary>
    public HtmlWriter Style(string css)
    {
        if (css.AsSpan().IndexOfAny('<', '&') >= 0)
            throw new ArgumentException("a style sheet inside a page may not hold '<' or '&'", nameof(css));
        _text.Append("<style>").Append(css).Append("</style>\n");
        return this;
    }

    /// <summary>The page so far, with its document type.</summary>
    public override string ToString() =>
        _open.Count == 0 ? "<!DOCTYPE html>\n" + _text : throw new InvalidOperationException($"<{_open.Peek()}> is still open");

    private static readonly HashSet<string> Blocks = new(StringComparer.Ordinal)
    {
        "p",
        "h1",
        "h2",
        "h3",
        "tr",
        "table",
        "thead",
        "tbody",
        "section",
        "figure",
        "li",
        "ul",
        "div",
        "head",
        "body",
        "title",
        "header",
        "footer",
        "dl",
        "dd",
        "pre",
        "details",
        "summary",
    };

    private void Tag(string tag, (string Name, string Value)[] attributes)
    {
        _text.Append('<').Append(tag);
        foreach (var (name, value) in attributes)
            _text.Append(' ').Append(name).Append("=\"").Append(XmlText.Escaped(value)).Append('"');
    }
}
