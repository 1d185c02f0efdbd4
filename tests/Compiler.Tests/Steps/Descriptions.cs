using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Steps;

/// <summary>Descriptions of the checkout by name.</summary>
internal static class Descriptions
{
    public static FabricSpec Fabric(string name) => FabricFile.Read(Shared.InRepo($"chips/fabrics/{name}.yaml"));

    public static TechnologySpec Technology(string name) => TechnologyFile.Read(Shared.InRepo($"chips/technology/{name}.yaml"));

    public static ModelShape Shape(string name) => YamlReader.Read<ModelShape>(Shared.InRepo($"chips/models/{name}.yaml"));
}
