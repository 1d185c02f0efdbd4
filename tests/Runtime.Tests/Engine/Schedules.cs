using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Steps;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Engine;

/// <summary>Schedules to play: small ones by hand, large ones from the shapes and fabrics of the checkout.</summary>
internal static class Schedules
{
    /// <summary>A chip from sizes alone, as the compiler places it.</summary>
    public static ChipPlan Plan(
        string model,
        string fabric,
        Func<ModelShape, ModelShape>? change = null,
        params (string Key, string Value)[] overrides
    )
    {
        var shape = YamlReader.Read<ModelShape>(Shared.InRepo($"chips/models/{model}.yaml"));
        var spec = YamlReader.Read<FabricSpec>(
            Shared.InRepo($"chips/fabrics/{fabric}.yaml"),
            overrides.ToDictionary(o => o.Key, o => o.Value)
        );
        var options = new CompileOptions
        {
            Fabric = spec,
            Weights = spec.DefaultWeights,
            Compiler = "test",
        };
        using var source = SourceModel.Of(change is null ? shape : change(shape), options);
        return CompilerSteps.Run<PlacedDesign>(source).Placement.Plan;
    }

    public static TokenSchedule Chip(
        string model,
        string fabric,
        Func<ModelShape, ModelShape>? change = null,
        params (string Key, string Value)[] overrides
    ) => BuildTokenSchedule.From(Plan(model, fabric, change, overrides));

    /// <summary>Llama 3.1 8B cut down to what the demonstration fabric holds.</summary>
    public static ModelShape Small(ModelShape shape) =>
        shape with
        {
            Layers = 4,
            EmbeddingLength = 512,
            Heads = 8,
            KvHeads = 2,
            HeadSize = 64,
            FeedForwardLength = 1024,
            VocabularySize = 4096,
        };

    /// <summary>Stages of phases in a chain unless said otherwise; every stage is its own kind.</summary>
    public static TokenSchedule Of(params Phase[][] stages) => Of(0, stages);

    /// <summary>As <see cref="Of(Phase[][])"/> with room for so many slots in each stage (0: for all).</summary>
    public static TokenSchedule Of(int buffers, params Phase[][] stages)
    {
        var made = stages
            .Select(
                (phases, i) =>
                    new LayerSchedule
                    {
                        Name =
                            i == 0 ? "embedding"
                            : i == stages.Length - 1 ? "output"
                            : $"layer {i - 1}",
                        Layer = i == 0 || i == stages.Length - 1 ? -1 : i - 1,
                        Die = 0,
                        Region = 0,
                        Kind = i,
                        Phases = phases,
                    }
            )
            .ToArray();
        return new TokenSchedule
        {
            Stages = made,
            Kinds = made.Length,
            StagesOfKind = [.. made.Select(_ => 1)],
            Representatives = made,
            StagesOfRegion = [.. made.Select(_ => 1)],
            FurtherFillCycles = [.. made.Select(_ => 0.0)],
            StageBuffers = buffers,
        };
    }

    public static Phase Phase(string name, double fill, int[] after, params Demand[] demands) =>
        new()
        {
            Name = name,
            Unit = demands.Length > 0 ? demands[0].Resource.Unit : FabricUnit.Network,
            FillCycles = fill,
            After = after,
            Demands = demands,
        };

    public static Demand Take(FabricUnit unit, int index, double cycles, double perPosition = 0) =>
        new()
        {
            Resource = new(unit, index),
            Items = cycles,
            ItemsPerPosition = perPosition,
            ItemsPerCycle = 1,
            BitsPerItem = 8,
        };
}
