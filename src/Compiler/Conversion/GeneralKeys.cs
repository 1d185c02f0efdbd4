using System.Globalization;
using System.Text.RegularExpressions;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Keys <c>general.*</c> that name and describe the model.</summary>
internal static partial class GeneralKeys
{
    /// <summary>Writes them.</summary>
    /// <param name="keys">Takes the keys.</param>
    /// <param name="folder">Model folder.</param>
    /// <param name="name">Name of the model; null takes the folder's.</param>
    /// <param name="tensors">Tensors of the file.</param>
    public static void Write(GgufKeys keys, string folder, string? name, IReadOnlyList<ConvertedTensor> tensors)
    {
        keys.Add("general.type", "model");
        GenerationConfig.Write(keys, folder);
        keys.Add("general.name", Title(name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))));
        keys.Add("general.size_label", SizeLabel(tensors));
    }

    // Words in small letters get a capital; acronyms and versions stay.
    private static string Title(string name) =>
        string.Join(
            ' ',
            name.Replace('-', ' ')
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(word =>
                    word == word.ToLowerInvariant() && word.Any(char.IsLetter) && !Version().IsMatch(word) ? Capital(word) : word
                )
        );

    // As Python's title(): a letter after anything but a letter is a capital.
    private static string Capital(string word) =>
        string.Concat(word.Select((c, i) => i == 0 || !char.IsLetter(word[i - 1]) ? char.ToUpperInvariant(c) : c));

    private static string SizeLabel(IReadOnlyList<ConvertedTensor> tensors)
    {
        var experts = tensors.Where(t => t.Name.Contains("_exps.", StringComparison.Ordinal) && t.Shape.Count >= 3).ToList();
        var count = experts.Count > 0 ? experts.Max(t => t.Shape[0]) : 0;
        var all = tensors.Sum(t => t.Elements);
        if (count == 0)
            return Rounded(all);
        var own = experts.Sum(t => t.Elements);
        return $"{count.ToString(CultureInfo.InvariantCulture)}x{Rounded(all - own + (own / count))}";
    }

    // Two digits at least.
    private static string Rounded(long count)
    {
        var (value, unit) = count switch
        {
            > 1_000_000_000_000 => (count * 1e-12, "T"),
            > 1_000_000_000 => (count * 1e-9, "B"),
            > 1_000_000 => (count * 1e-6, "M"),
            _ => (count * 1e-3, "K"),
        };
        var digits = Math.Round(value).ToString(CultureInfo.InvariantCulture).TrimStart('0').Length;
        return value.ToString($"F{Math.Max(2 - digits, 0)}", CultureInfo.InvariantCulture) + unit;
    }

    [GeneratedRegex(@"^(v\d+(?:\.\d+)*|\d.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}
