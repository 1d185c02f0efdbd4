using System.Text;
using System.Text.Json;

namespace TaalasSim.Server.Tools;

/// <summary>Reads parts of a call from a text that may not be whole yet.</summary>
internal sealed class ToolCursor(string text)
{
    private int _at;

    /// <summary>Whether the last part was not found because the text ended in it.</summary>
    public bool NeedsMore { get; private set; }

    /// <summary>What has not been read.</summary>
    public string Rest => text[_at..];

    /// <summary>Whether nothing but white space is left.</summary>
    public bool IsAtEnd => text.AsSpan(_at).TrimStart().IsEmpty;

    /// <summary>Whether the rest begins with a text.</summary>
    public bool StartsWith(string part) => part.Length > 0 && text.AsSpan(_at).TrimStart().StartsWith(part);

    /// <summary>Moves back.</summary>
    public void StepBack(int count) => _at -= count;

    /// <summary>Reads a text whose white space stands for any white space.</summary>
    public bool Literal(string part)
    {
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

    /// <summary>Reads up to and with a text.</summary>
    public bool TryUntil(string end, out string before)
    {
        var at = text.IndexOf(end, _at, StringComparison.Ordinal);
        NeedsMore = at < 0;
        before = at < 0 ? "" : text[_at..at];
        if (at >= 0)
            _at = at + end.Length;
        return at >= 0;
    }

    /// <summary>Reads one JSON value.</summary>
    public bool TryJson(out JsonElement json)
    {
        json = default;
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

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
    }
}
