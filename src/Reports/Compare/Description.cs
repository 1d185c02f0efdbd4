using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Compare;

/// <summary>One description file: parsed once, bound as it is or with fields replaced.</summary>
/// <param name="path">File.</param>
/// <param name="library">Folder in which a base is looked for when it is not beside the file.</param>
/// <param name="bind">Binds and checks the parsed file; replaced fields pass the same checks as the file itself.</param>
internal sealed class Description<T>(string path, string? library, Func<ParsedYaml, IReadOnlyDictionary<string, string>?, T> bind)
    where T : class
{
    private readonly Lazy<ParsedYaml> _file = new(() => ParsedYaml.Load(path, library));
    private T? _unchanged;

    /// <summary>The parsed file.</summary>
    public ParsedYaml File => _file.Value;

    /// <summary>The description, with fields replaced.</summary>
    /// <exception cref="InputException">The file is faulty, a field is not in it, or a value does not suit its field.</exception>
    public T With(IReadOnlyDictionary<string, string>? overrides) =>
        overrides is { Count: > 0 } ? bind(File, overrides) : _unchanged ??= bind(File, null);
}
