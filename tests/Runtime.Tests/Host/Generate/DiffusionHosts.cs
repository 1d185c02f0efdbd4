using System.Text.Json;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Compiler.Steps;
using TaalasSim.Runtime.Card.Device;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Engine;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;
using TaalasSim.Runtime.Tests.Card;
using TaalasSim.Runtime.Tests.Functional;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Host.Generate;

/// <summary>Machines with the diffusion models of the reference decodes.</summary>
internal static class DiffusionHosts
{
    private static readonly Dictionary<string, string> Images = new(StringComparer.Ordinal);

    /// <summary>A machine with a model file, compiled once per test run.</summary>
    public static SimulatedHost PowerOn(string model)
    {
        lock (Images)
        {
            if (!Images.TryGetValue(model, out var folder))
            {
                folder = TemporaryFolder.New();
                CompileModel.ToImage(
                    model,
                    folder,
                    new CompileOptions
                    {
                        Fabric = GoldenModels.Fabric,
                        Weights = "preserve",
                        Compiler = "test",
                    }
                );
                Images.Add(model, folder);
            }

            return SimulatedHost.PowerOn(
                folder,
                _ => new SimdKernels(Numerics.Reference, null, threads: 1),
                d => new AnalyticPassTiming(d.Plan(), TechnologyFile.Read(Shared.InRepo($"chips/technology/{d.Fabric.Technology}.yaml"))),
                context: 256,
                _ => new CardOptions { Link = TestCard.Link(LatencyMode.Typical) }
            );
        }
    }

    /// <summary>Path of the model of a case.</summary>
    public static string ModelOf(JsonElement document, JsonElement which) =>
        Shared.Path(
            "cdlm/" + document.GetProperty("models").GetProperty(which.GetProperty("model").GetString()!).GetProperty("file").GetString()
        );

    /// <summary>Numbers of a list.</summary>
    public static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(x => x.GetInt32())];
}
