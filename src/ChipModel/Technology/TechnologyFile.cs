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
    public static TechnologySpec From(ParsedYaml file, IReadOnlyDictionary<string, string>? overrides = null) =>
        file.Bind<TechnologySpec>(overrides);
}
