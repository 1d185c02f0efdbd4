using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>Reads processes and refuses constants that are not figures: not finite, outside their own interval, negative or without a
/// source.</summary>
public static class TechnologyFile
{
    /// <summary>Reads and checks a process.</summary>
    /// <param name="path">File of <c>chips/technology/</c>.</param>
    /// <param name="overrides">Dotted fields and their values, e.g. <c>energy.rom_read_pj_per_bit</c> → <c>0.05</c>.</param>
    /// <param name="library">Folder in which a base is searched if it is not in the file's folder.</param>
    /// <exception cref="InputException">The file is malformed or a constant is not a figure.</exception>
    public static TechnologySpec Read(string path, IReadOnlyDictionary<string, string>? overrides = null, string? library = null) =>
        From(ParsedYaml.Load(path, library), overrides);

    /// <summary>Checks the process of a parsed file, with fields replaced.</summary>
    /// <exception cref="InputException">The file or a replaced value is not a figure.</exception>
    public static TechnologySpec From(ParsedYaml file, IReadOnlyDictionary<string, string>? overrides = null)
    {
        var technology = file.Bind<TechnologySpec>(overrides);
        var faults = ConstantCatalog.List(technology, "").SelectMany(c => Faults(c.Path.TrimStart('.'), c.Constant)).ToArray();
        return faults.Length == 0 ? technology : throw new InputException($"{file.Path}: {string.Join("; ", faults)}");
    }

    /// <summary>What is wrong with a constant: one clause per fault.</summary>
    public static IEnumerable<string> Faults(string path, Constant constant)
    {
        if (!double.IsFinite(constant.Value) || !double.IsFinite(constant.Low) || !double.IsFinite(constant.High) || constant.Low < 0)
            yield return $"{path}: the figures must be finite and not negative";
        else if (constant.Low > constant.Value || constant.Value > constant.High)
            yield return FormattableString.Invariant($"{path}: {constant.Value} is outside its interval {constant.Low} … {constant.High}");
        if (string.IsNullOrWhiteSpace(constant.Source))
            yield return $"{path}: no source; an estimate names its estimator and method";
    }
}
