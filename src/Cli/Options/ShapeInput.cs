using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Conversion;
using TaalasSim.Compiler.Hub;
using TaalasSim.Compiler.Steps;

namespace TaalasSim.Cli.Options;

/// <summary>The sizes of the model that an argument names; weights are not read, and of a repository of the Hub config.json alone is
/// fetched.</summary>
internal static class ShapeInput
{
    /// <summary>The model's sizes.</summary>
    /// <param name="name">Shape, GGUF file, folder with config.json, or <c>hf:USER/NAME</c>.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">It is none of them, or its sizes cannot be read.</exception>
    public static ModelShape Of(string name, CancellationToken cancel)
    {
        if (ChipsFolder.Library.IsShape(name))
            return ChipsFolder.Library.Shape(name);
        if (HubReference.Is(name))
            return OfHub(HubReference.Parse(name), name, cancel);
        if (Directory.Exists(name))
            return File.Exists(Path.Combine(name, ChipDirectory.DescriptionName))
                ? ChipDirectory.ReadDescription(name).Plan().Model
                : ShapeOfConfig.Read(name, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(name))));
        var fabric = ChipsFolder.Fabric("hc1");
        using var source = ChipsFolder.Library.Open(name, new CompileOptions { Fabric = fabric, Weights = fabric.DefaultWeights });
        return source.Graph.Shape;
    }

    private static ModelShape OfHub(HubReference reference, string name, CancellationToken cancel)
    {
        if (reference.Quant is not null || reference.File is not null)
        {
            using var pulled = ModelInput.Open(name, cancel);
            return Of(pulled.Path, cancel);
        }

        using var line = new ProgressLine();
        var snapshot = HubOutput.Pull(reference with { File = "config.json" }, line, cancel);
        return ShapeOfConfig.Read(Path.GetDirectoryName(snapshot.ModelPath)!, reference.Repository.Split('/')[^1]);
    }
}
