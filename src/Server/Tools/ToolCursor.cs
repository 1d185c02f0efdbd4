using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TaalasSim.Server.Tools;

/// <summary>Reads parts of a call from a text that may not be whole yet.</summary>
internal sealed class ToolCursor(string text)
{
    private int _at;

    /// <summary>Whether something was not found because the text ended in it.</summary>
    public bool NeedsMore { get; private set; }

    /// <summary>What has not been read.</summary>
    public string Rest => text[_at..];

    /// <summary>Whether nothing but white space is left.</summary>
    public bool IsAtEnd => text.AsSpan(_at).TrimStart().IsEmpty;

    /// <summary>Whether the rest begins with a text.</summary>
    public bool StartsWith(string part) => part.Length > 0 && text.AsSpan(_at).TrimStart().StartsWith(part);

    /// <summary>Reads a text whose white space stands for any white space.</summary>
    public bool Literal(string part)
    {
        NeedsMore = false;
        foreach (var word in part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            SkipSpace();
            var rest = text.AsSpan(_at);
            if (!rest.StartsWith(word))
            {
                NeedsMore = word.AsSpan().StartsWith(rest);
                return false;
            }
            _at += word.Length;
        }
        return true;
    }

    /// <summary>Whether a text comes next.</summary>
    public bool IsNext(string part)
    {
        var start = _at;
        var found = Literal(part);
        _at = start;
        return found;
    }

    /// <summary>Reads up to a text.</summary>
    public bool TryUntil(string end, out string before)
    {
        var at = text.IndexOf(end, _at, StringComparison.Ordinal);
        NeedsMore = at < 0;
        before = at < 0 ? "" : text[_at..at];
        if (at >= 0)
            _at = at;
        return at >= 0;
    }

    /// <summary>Reads characters of a kind, at least one.</summary>
    public bool TryWhile(Predicate<char> isPart, out string word)
    {
        var start = _at;
        while (_at < text.Length && isPart(text[_at]))
            _at++;
        NeedsMore = _at == text.Length;
        word = text[start.._at];
        return word.Length > 0 && !NeedsMore;
    }

    /// <summary>Reads the longest of some names behind which a text follows.</summary>
    public bool TryName(IEnumerable<string> names, string next, out string name)
    {
        SkipSpace();
        var rest = text.AsSpan(_at);
        var words = next.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        ReadOnlySpan<char> word = words.Length > 0 ? words[0] : "";
        var mayCome = false;
        name = "";
        foreach (var candidate in names.OrderByDescending(n => n.Length))
        {
            if (!rest.StartsWith(candidate))
            {
                mayCome |= candidate.AsSpan().StartsWith(rest);
                continue;
            }
            var after = rest[candidate.Length..];
            mayCome |= after.IsEmpty || word.StartsWith(after.TrimStart());
            // Where only white space comes next, a tag may follow at once.
            if (after.IsEmpty || !(word.IsEmpty ? char.IsWhiteSpace(after[0]) || after[0] == '<' : after.TrimStart().StartsWith(word)))
                continue;
            name = candidate;
            _at += candidate.Length;
            break;
        }
        NeedsMore = name.Length == 0 && mayCome;
        return name.Length > 0;
    }

    /// <summary>Reads one JSON value.</summary>
    public bool TryJson(out JsonElement json)
    {
        json = default;
        NeedsMore = false;
        SkipSpace();
        var bytes = Encoding.UTF8.GetBytes(Rest);
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, default);
        try
        {
            if (bytes.Length == 0 || !JsonDocument.TryParseValue(ref reader, out var document))
            {
                NeedsMore = true;
                return false;
            }
            using (document)
                json = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            NeedsMore = false;
            return false;
        }
        _at += Encoding.UTF8.GetCharCount(bytes.AsSpan(0, (int)reader.BytesConsumed));
        return true;
    }

    /// <summary>Reads one literal of Python.</summary>
    public bool TryPython(out JsonNode? value)
    {
        SkipSpace();
        var literal = new PythonLiteral(text, _at);
        var found = literal.TryRead(out value);
        NeedsMore = !found && literal.IsCut;
        _at = literal.At;
        return found;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
    }
}
