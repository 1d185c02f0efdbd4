using System.Text;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Compiler.Gguf;

/// <summary>Gathers what is wrong with one GGUF file, so that one line can name every fault with its byte offset.</summary>
internal sealed class GgufFaults(string path)
{
    private const int MostShown = 8;
    private const int LongestQuote = 80;

    /// <summary>Remedy for a file whose end is missing.</summary>
    public const string FetchAgain = "the file is truncated: download or copy it again";

    private const string ConvertAgain = "download or convert the file again";

    private readonly List<string> _shown = [];
    private long _count;

    public bool Any => _count > 0;

    /// <summary>Notes a fault after which reading can continue.</summary>
    public void Add(long offset, string what)
    {
        _count++;
        if (_shown.Count < MostShown)
            _shown.Add($"byte {offset}: {what}");
    }

    /// <summary>The exception for a fault after which nothing more can be read; earlier faults are named with it.</summary>
    public InputException Fatal(long offset, string what, string remedy = ConvertAgain)
    {
        Add(offset, what);
        return Exception(remedy);
    }

    /// <summary>Throws when faults were noted.</summary>
    public void ThrowIfAny()
    {
        if (Any)
            throw Exception(ConvertAgain);
    }

    /// <summary>Text from a file made fit for one line of a message: quoted, shortened, control characters as U+XXXX.</summary>
    public static string Quote(string text)
    {
        var line = new StringBuilder("'");
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, LongestQuote)))
        {
            if (NameGate.IsHidden(c) || char.IsSurrogate(c))
                line.Append("\\u").Append(((int)c).ToString("X4"));
            else
                line.Append(c);
        }
        return line.Append(text.Length > LongestQuote ? "…'" : "'").ToString();
    }

    private InputException Exception(string remedy)
    {
        var more = _count > _shown.Count ? $"; and {_count - _shown.Count} more faults" : "";
        return new InputException($"{path}: {string.Join("; ", _shown)}{more}; {remedy}");
    }
}
