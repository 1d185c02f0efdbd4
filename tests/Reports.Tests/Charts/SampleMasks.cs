using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Charts;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Charts;

/// <summary>Masks of the embedded model in two code formats, compiled once for all tests of a run.</summary>
internal static class SampleMasks
{
    private static readonly Lazy<string> Rom4 = new(() => Compile("rom4"));

    private static readonly Lazy<string> Preserved = new(() => Compile("preserve"));

    private static readonly Lazy<MaskPictures> OfRom4 = new(() =>
    {
        using var image = MaskImage.Open(Rom4.Value);
        return MaskPictures.Of(image, Geometry(image), site: null);
    });

    /// <summary>Pictures of the chip in rom4.</summary>
    public static MaskPictures Pictures => OfRom4.Value;

    /// <summary>From rom4 to the model's own codes: vias and straps change.</summary>
    public static DieMapData Change()
    {
        using MaskImage a = MaskImage.Open(Rom4.Value),
            b = MaskImage.Open(Preserved.Value);
        return DieMapData.Change(a, b, Geometry(b));
    }

    private static MaskGeometry Geometry(MaskImage image) =>
        new(image.Fabric, YamlReader.Read<MaskRules>(Shared.InRepo("chips/masks/n6.yaml")));

    private static string Compile(string weights)
    {
        var target = Path.Combine(TemporaryFolder.OfProcess, $"masks-{weights}.chip");
        var fabric = YamlReader.Read<FabricSpec>(Shared.InRepo("chips/fabrics/demo.yaml"));
        CompileModel.ToImage(
            Shared.InRepo("chips/demo/stories.gguf"),
            target,
            new CompileOptions
            {
                Fabric = fabric,
                Weights = weights,
                Compiler = "test",
            }
        );
        return target;
    }
}
