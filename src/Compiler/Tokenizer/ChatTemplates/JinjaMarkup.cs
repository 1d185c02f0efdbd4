using System.Runtime.CompilerServices;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Texts that are escaped for HTML already, as Python's Markup: escaping leaves them alone. They are known by their identity, so
/// that everything else sees a text.</summary>
internal static class JinjaMarkup
{
    private static readonly ConditionalWeakTable<string, object> Known = [];
    private static readonly object Mark = new();

    /// <summary>Whether a value is escaped.</summary>
    public static bool Is(object? value) => value is string text && Known.TryGetValue(text, out _);

    /// <summary>The text as escaped; a copy, for the same text elsewhere is not.</summary>
    public static string Of(string text)
    {
        if (Is(text))
            return text;
        var marked = new string(text.AsSpan());
        // The empty text is one object for everybody, and has nothing to escape.
        if (marked.Length > 0)
            Known.AddOrUpdate(marked, Mark);
        return marked;
    }

    /// <summary>The value escaped, unless it is.</summary>
    public static string Escaped(object? value) => Is(value) ? (string)value! : Of(Escape(JinjaValues.ToText(value)));

    /// <summary>The text escaped, whatever it is.</summary>
    public static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("'", "&#39;", StringComparison.Ordinal)
            .Replace("\"", "&#34;", StringComparison.Ordinal);
}
