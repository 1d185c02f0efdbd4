using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Cli;

/// <summary>The folder <c>chips/</c> of descriptions that come with the program.</summary>
internal static class ChipsFolder
{
    /// <summary>Its path: beside the program, or in the checkout above it.</summary>
    public static string Path { get; } = Find();

    /// <summary>A fabric by name or file.</summary>
    public static FabricSpec Fabric(string nameOrFile, int dies = 0)
    {
        var fabric = YamlReader.Read<FabricSpec>(Resolve("fabrics", nameOrFile));
        return dies > 0 ? fabric with { Dies = dies } : fabric;
    }

    /// <summary>Whether that name is a shape of <c>chips/models</c> (or a YAML file).</summary>
    public static bool IsShape(string name) => name.EndsWith(".yaml", StringComparison.Ordinal) || File.Exists(System.IO.Path.Combine(Path, "models", name + ".yaml"));

    /// <summary>A model shape by name or file.</summary>
    public static ModelShape Shape(string nameOrFile) => YamlReader.Read<ModelShape>(Resolve("models", nameOrFile));

    /// <summary>Path of a description by kind and name, or the file itself.</summary>
    /// <exception cref="InputException">No such description.</exception>
    public static string Resolve(string kind, string nameOrFile)
    {
        if (nameOrFile.EndsWith(".yaml", StringComparison.Ordinal) || nameOrFile.Contains(System.IO.Path.DirectorySeparatorChar))
            return File.Exists(nameOrFile) ? nameOrFile : throw new InputException($"{nameOrFile}: no such file");
        var path = System.IO.Path.Combine(Path, kind, nameOrFile + ".yaml");
        if (File.Exists(path))
            return path;
        var known = Directory.Exists(System.IO.Path.Combine(Path, kind))
            ? string.Join(' ', Directory.GetFiles(System.IO.Path.Combine(Path, kind), "*.yaml").Select(f => System.IO.Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal))
            : "none";
        throw new InputException($"no '{nameOrFile}' in chips/{kind}; known: {known}");
    }

    private static string Find()
    {
        for (var dir = new DirectoryInfo(AppContext.BaseDirectory); dir is not null; dir = dir.Parent)
            if (Directory.Exists(System.IO.Path.Combine(dir.FullName, "chips", "fabrics")))
                return System.IO.Path.Combine(dir.FullName, "chips");
        return System.IO.Path.GetFullPath("chips");
    }
}
