using System.Globalization;
using TaalasSim.Bench.Models;

namespace TaalasSim.Bench.Figures;

/// <summary>Models and chip images of the figures, made once and kept.</summary>
internal static class Images
{
    /// <summary>The GGUF file.</summary>
    public static string Model(FigureOptions options, LlamaShape shape, string fileType) =>
        LlamaShapedModel.InFolder(options.Cache, shape, fileType);

    /// <summary>Its image with the weights hard-wired as they are; compiled anew when the compiler is newer.</summary>
    public static string Chip(FigureOptions options, LlamaShape shape, string fileType)
    {
        var model = Model(options, shape, fileType);
        var folder = Path.ChangeExtension(model, ".chip");
        var description = new FileInfo(Path.Combine(folder, "chip.yaml"));
        if (
            !description.Exists
            || description.LastWriteTimeUtc < File.GetLastWriteTimeUtc(Path.Combine(AppContext.BaseDirectory, "TaalasSim.Compiler.dll"))
        )
        {
            Console.Error.WriteLine($"compiling {folder}");
            Child.Taalas([
                "compile",
                model,
                "-o",
                folder,
                "--fabric",
                "hc1",
                "--chips",
                shape.Dies.ToString(CultureInfo.InvariantCulture),
                "--weights",
                "preserve",
            ]);
        }

        return folder;
    }
}
