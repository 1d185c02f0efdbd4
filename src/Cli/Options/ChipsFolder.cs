using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Compiler.Export.Masks;
using TaalasSim.Compiler.Placement;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Cli.Options;

/// <summary>The folder <c>chips/</c> of descriptions that come with the program, and what commands ask of it.</summary>
internal static class ChipsFolder
{
    /// <summary>Its path: beside the program, or in the checkout above it.</summary>
    public static string Path { get; } = Find();

    /// <summary>Its descriptions by name.</summary>
    public static DesignLibrary Library { get; } = new(Path);

    /// <summary>A fabric by name or file, with another number of dies when that is above 0.</summary>
    /// <param name="nameOrFile">Fabric.</param>
    /// <param name="dies">Dies; 0 for the fabric's.</param>
    /// <param name="changes">Fields and the values that replace what it says; null for none.</param>
    public static FabricSpec Fabric(string nameOrFile, int dies = 0, IReadOnlyDictionary<string, string>? changes = null)
    {
        var fabric = Library.Fabric(nameOrFile, changes);
        return dies > 0
            ? FabricFile.Checked(
                fabric with
                {
                    Dies = dies,
                    Published = dies == fabric.Dies ? fabric.Published : null,
                },
                $"--chips {dies} on {fabric.Name}"
            )
            : fabric;
    }

    /// <summary>What multiplies the seconds of a fabric's cycles.</summary>
    public static Constant LatencyFactor(FabricSpec fabric) => Library.Technology(fabric.Technology).Calibration.Latency;

    /// <summary>The plan behind an image folder, a shape name or a GGUF file.</summary>
    /// <param name="name">Chip image, shape or model file.</param>
    /// <param name="fabric">Fabric for shapes and files; ignored for an image.</param>
    /// <param name="weights">Code format for shapes and files; null takes the fabric's.</param>
    public static ChipPlan Plan(string name, FabricSpec fabric, string? weights)
    {
        using var input = ModelInput.Open(name);
        return Directory.Exists(input.Path) ? ChipDirectory.ReadDescription(input.Path).Plan() : Place(input.Path, fabric, weights).Plan;
    }

    /// <summary>Places a shape or a GGUF file on a fabric.</summary>
    public static PlacedModel Place(string name, FabricSpec fabric, string? weights)
    {
        using var model = Library.Open(name, new CompileOptions { Fabric = fabric, Weights = weights ?? fabric.DefaultWeights });
        return DesignLibrary.Place(model);
    }

    /// <summary>Drawn form of a fabric's mask layers.</summary>
    /// <param name="fabric">Fabric.</param>
    /// <param name="rules">Name of chips/masks or a YAML file; null takes the rules of the fabric's process.</param>
    public static MaskGeometry Masks(FabricSpec fabric, string? rules = null) =>
        new(fabric, YamlReader.Read<MaskRules>(Library.Resolve("masks", rules ?? fabric.Technology)));

    private static string Find()
    {
        for (var dir = new DirectoryInfo(AppContext.BaseDirectory); dir is not null; dir = dir.Parent)
            if (Directory.Exists(System.IO.Path.Combine(dir.FullName, "chips", "fabrics")))
                return System.IO.Path.Combine(dir.FullName, "chips");
        return System.IO.Path.GetFullPath("chips");
    }
}
