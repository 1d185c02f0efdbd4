using NUnit.Framework;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Runtime.Rtl;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Rtl;

/// <summary>Chips of other head counts, widths and fabrics: bits, tokens and cycles of the Verilog are the simulator's, cycle for cycle.
/// Each takes a build of a minute.</summary>
[TestFixture]
[Category("Timing")]
[Category("Slow")]
public sealed class ChipSizesTests
{
    private static readonly (string, string)[] Large = [("sites.columns", "16"), ("sites.rows", "16")];

    private static readonly (string Name, string Architecture, TinySizes Sizes, (string Key, string Value)[] Fabric)[] Chips =
    [
        ("two KV heads in one word", "qwen3", new(Heads: 4, KvHeads: 2, HeadSize: 8), []),
        ("four KV heads in one word", "llama", new(Heads: 8, KvHeads: 4, HeadSize: 4), []),
        ("two KV heads", "qwen3", new(KvHeads: 2), []),
        ("four heads, two KV heads", "qwen3", new(Heads: 4, KvHeads: 2), []),
        ("four heads, four KV heads", "llama", new(Heads: 4, KvHeads: 4, HeadSize: 8), []),
        ("narrower than the lanes", "qwen3", new(KvHeads: 2), [("vector.lanes", "128")]),
        ("odd widths", "llama", new(Heads: 3, KvHeads: 1, HeadSize: 16, Width: 48, FeedForward: 80), Large),
        ("one link", "qwen3", new(KvHeads: 2), [("network.vector_links", "1")]),
        (
            "three clusters",
            "qwen3",
            new(KvHeads: 2, Layers: 3),
            [("vector.clusters", "3"), ("vector.lanes", "48"), ("kv_sram.banks", "12")]
        ),
        ("one cluster of three layers", "llama", new(KvHeads: 2, Layers: 3), [("vector.clusters", "1")]),
        ("three layers on two clusters", "qwen3", new(Layers: 3), []),
        ("more clusters than layers", "qwen3", new(Layers: 2), [("vector.clusters", "4"), ("vector.lanes", "64"), ("kv_sram.banks", "16")]),
        ("slow hops", "qwen3", new(KvHeads: 2), [("network.cycles_per_hop", "3"), ("network.reduction_cycles_per_level", "4")]),
        ("wide and deep", "llama", new(Heads: 8, KvHeads: 2, HeadSize: 8, Width: 64, FeedForward: 160), Large),
    ];

    private static IEnumerable<TestCaseData> Names => Chips.Select((c, i) => new TestCaseData(i).SetArgDisplayNames(c.Name));

    [TestCaseSource(nameof(Names))]
    public async Task A_chip_of_other_sizes_gives_the_simulators_bits_tokens_and_cycles(int index)
    {
        var (name, architecture, sizes, fabric) = Chips[index];
        if (!Shared.All)
            Assert.Ignore($"{name}: runs with ./test --all");
        Tools.Need("verilator");
        using var simulation = await ChipSimulation.BuildAsync(
            TinyChip.Compile(architecture, "rom4", sizes, fabric),
            TemporaryFolder.New()
        );
        var result = await simulation.RunAsync([5, 17, 3], 8);
        foreach (var phase in result.Phases.Where(p => p.Rtl != p.Engine))
            TestContext.Out.WriteLine(phase);
        TestContext.Out.WriteLine(
            $"{name}: {result.LargestDifference:P2}, KV scales {simulation.Rtl.Config.KvScales}, {result.BuildSeconds:0} s"
        );
        Assert.Multiple(() =>
        {
            Assert.That(result.Faults, Is.Empty);
            Assert.That(result.Tokens, Is.EqualTo(result.Expected).And.Length.EqualTo(8));
            Assert.That(result.LargestDifference, Is.LessThan(ChipCheckResult.CycleTolerance));
            // Every pass over the keys begins in a cycle of its own, and links take turns in whole beats; all else is equal.
            Assert.That(result.Phases.Where(p => p.Unit is not (FabricUnit.KvSram or FabricUnit.Reduction) && p.Rtl != p.Engine), Is.Empty);
            Assert.That(
                result.Phases.Select(p => Math.Abs(p.Rtl - p.Engine)),
                Has.All.LessThanOrEqualTo(2 * result.Phases[1].Events * sizes.Layers)
            );
        });
    }
}
