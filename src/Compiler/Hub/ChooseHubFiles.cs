using System.Text.RegularExpressions;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Hub;

/// <summary>Which files of a repository make the model: one GGUF model by the rules of llama.cpp's <c>-hf</c>, else a safetensors
/// folder.</summary>
public static partial class ChooseHubFiles
{
    private const string Gguf = ".gguf";

    // Files beside models: projectors, importance matrices, drafts.
    private static readonly string[] Beside = ["mmproj", "imatrix", "mtp-", "eagle3-", "dflash-", "dspark-"];

    private static readonly string[] Usual = ["Q4_K_M", "Q8_0"];

    /// <summary>The paths, the one to open first.</summary>
    /// <param name="reference">What was asked for.</param>
    /// <param name="paths">Paths of the repository, in the order of its list.</param>
    /// <exception cref="InputException">Nothing fits.</exception>
    public static IReadOnlyList<string> From(HubReference reference, IReadOnlyList<string> paths)
    {
        if (reference.File is { } file)
            return paths.Contains(file, StringComparer.Ordinal)
                ? Parts(reference, file, paths)
                : throw new InputException(
                    $"hf:{reference.Repository}: entry not found: no file {GgufFaults.Quote(file)} at "
                        + $"{reference.Revision}{NearestName.Hint(file, paths)}; files: {Listed(paths)}"
                );
        var models = paths.Where(IsModel).ToList();
        if (models.Count > 0)
            return Parts(reference, Model(reference, models), paths);
        if (reference.Quant is { } quant)
            throw new InputException(
                $"hf:{reference.Repository}:{quant}: the repository holds no GGUF file, so there is none of {quant}; leave ':{quant}' "
                    + "out to convert its safetensors"
            );
        var folder = paths.Where(IsOfFolder).ToList();
        if (folder.Any(IsWeights))
            return folder;
        if (paths.Any(IsPickle))
            throw new InputException(
                $"hf:{reference.Repository}: holds its weights only as pickles, which can run code when they are opened; choose a "
                    + "repository with safetensors or GGUF files"
            );
        throw new InputException($"hf:{reference.Repository}: holds neither GGUF nor safetensors files; files: {Listed(paths)}");
    }

    /// <summary>Whether a path is a GGUF file of a model.</summary>
    public static bool IsModel(string path)
    {
        var name = Name(path);
        return path.EndsWith(Gguf, StringComparison.OrdinalIgnoreCase)
            && !Array.Exists(Beside, part => name.Contains(part, StringComparison.Ordinal));
    }

    private static string Model(HubReference reference, List<string> models)
    {
        // Of a split model only the first file is opened.
        var firsts = models.Where(path => Split().Match(path) is not { Success: true } m || m.Groups["number"].Value == "00001").ToList();
        if (reference.Quant is { } quant)
            return Find(firsts, quant)
                ?? throw new InputException($"hf:{reference.Repository}:{quant}: no GGUF file of {quant}; files: {Listed(models)}");
        return Usual.Select(usual => Find(firsts, usual)).FirstOrDefault(found => found is not null)
            ?? firsts.FirstOrDefault()
            ?? throw new InputException($"hf:{reference.Repository}: the first file of a split model is missing; files: {Listed(models)}");
    }

    // The tag as a word of the file's name; else before a point or hyphen anywhere in the path, as llama.cpp looks.
    private static string? Find(List<string> paths, string tag)
    {
        var (word, loose) = ($@"(?<![A-Za-z0-9_]){Regex.Escape(tag)}(?=[.-])", $"{Regex.Escape(tag)}[.-]");
        const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
        return paths.FirstOrDefault(path => Regex.IsMatch(Name(path), word, Options, TimeSpan.FromSeconds(1)))
            ?? paths.FirstOrDefault(path => Regex.IsMatch(path, loose, Options, TimeSpan.FromSeconds(1)));
    }

    private static IReadOnlyList<string> Parts(HubReference reference, string first, IReadOnlyList<string> paths)
    {
        var split = Split().Match(first);
        if (!split.Success)
            return [first];
        var count = int.Parse(split.Groups["count"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        var parts = Enumerable
            .Range(1, Math.Min(count, paths.Count + 1))
            .Select(number => GgufSplit.PathOf(split.Groups["prefix"].Value, number, count))
            .ToList();
        return parts.Find(part => !paths.Contains(part, StringComparer.Ordinal)) is { } missing
            ? throw new InputException(
                $"hf:{reference.Repository}: {GgufFaults.Quote(missing)} is missing, so the split model is not complete"
            )
            : parts;
    }

    private static bool IsWeights(string path) =>
        path.EndsWith(".safetensors", StringComparison.Ordinal)
        && !path.Contains('/')
        && !path.StartsWith("consolidated", StringComparison.Ordinal);

    // What the conversion of a folder reads.
    private static bool IsOfFolder(string path) =>
        IsWeights(path)
        || (!path.Contains('/') && (Path.GetExtension(path) is ".json" or ".model" or ".jinja" || path is "merges.txt" or "README.md"))
        || (path.StartsWith("additional_chat_templates/", StringComparison.Ordinal) && path.EndsWith(".jinja", StringComparison.Ordinal));

    private static bool IsPickle(string path) => Path.GetExtension(path) is ".bin" or ".pt" or ".pth";

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Listed(IEnumerable<string> paths)
    {
        const int Most = 12;
        var all = paths.ToList();
        return string.Join(", ", all.Take(Most).Select(GgufFaults.Quote)) + (all.Count > Most ? $" and {all.Count - Most} more" : "");
    }

    [GeneratedRegex(
        @"^(?<prefix>.+)-(?<number>\d{5})-of-(?<count>\d{5})\.gguf$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Split();
}
