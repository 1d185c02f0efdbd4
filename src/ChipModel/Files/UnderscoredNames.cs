using System.Text;
using YamlDotNet.Serialization;

namespace TaalasSim.ChipModel.Files;

/// <summary>
/// <c>ClockGhz</c> in code is <c>clock_ghz</c> in YAML. The library's convention of that name gives the same names by regular expressions,
/// which are compiled again in every process: a tenth of the time to a chip's first token.
/// </summary>
public sealed class UnderscoredNames : INamingConvention
{
    /// <summary>The convention; it holds no state.</summary>
    public static UnderscoredNames Instance { get; } = new();

    /// <inheritdoc/>
    public string Apply(string value)
    {
        var name = new StringBuilder(value.Length + 8);
        foreach (var c in value)
        {
            if (char.IsAsciiLetterUpper(c) && name.Length > 0)
                name.Append('_');
            name.Append(char.ToLowerInvariant(c));
        }

        return name.ToString();
    }

    /// <inheritdoc/>
    public string Reverse(string value)
    {
        var name = new StringBuilder(value.Length);
        foreach (var part in value.Split('_'))
            if (part.Length > 0)
                name.Append(char.ToUpperInvariant(part[0])).Append(part.AsSpan(1));
        return name.ToString();
    }
}
