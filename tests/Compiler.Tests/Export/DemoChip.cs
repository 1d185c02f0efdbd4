using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Steps;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Export;

/// <summary>The demonstration model compiled in rom4, once for all tests of a run.</summary>
internal static class DemoChip
{
    private static readonly Lazy<string> Compiled = new(Compile);

    /// <summary>Folder of the chip image.</summary>
    public static string Folder => Compiled.Value;

    private static string Compile()
    {
        var target = Path.Combine(TemporaryFolder.New(), "demo.chip");
        var fabric = YamlReader.Read<FabricSpec>(Shared.InRepo("chips/fabrics/demo.yaml"));
        CompileModel.ToImage(
            Shared.InRepo("chips/demo/stories.gguf"),
            target,
            new CompileOptions
            {
                Fabric = fabric,
                Weights = "rom4",
                Compiler = "test",
            }
        );
        return target;
    }
}
