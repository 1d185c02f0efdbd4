using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>Reads fabrics and refuses those that no chip can be made from, with all faults in one line.</summary>
public static class FabricFile
{
    /// <summary>Reads and checks a fabric.</summary>
    /// <param name="path">File of <c>chips/fabrics/</c>.</param>
    /// <param name="overrides">Dotted fields and their values, e.g. <c>bank.rows</c> → <c>512</c>.</param>
    /// <param name="library">Folder in which a base is looked for when it does not stand beside the file.</param>
    /// <exception cref="InputException">The file is malformed or describes no chip.</exception>
    public static FabricSpec Read(string path, IReadOnlyDictionary<string, string>? overrides = null, string? library = null) =>
        From(ParsedYaml.Load(path, library), overrides);

    /// <summary>Checks the fabric of a parsed file, with fields replaced.</summary>
    /// <exception cref="InputException">The file or a replaced value describes no chip.</exception>
    public static FabricSpec From(ParsedYaml file, IReadOnlyDictionary<string, string>? overrides = null) =>
        Checked(file.Bind<FabricSpec>(overrides), file.Path);

    /// <summary>The same fabric, if a chip can be made from it.</summary>
    /// <param name="fabric">Fabric.</param>
    /// <param name="name">Where it comes from, for the message.</param>
    /// <exception cref="InputException">It describes no chip.</exception>
    public static FabricSpec Checked(FabricSpec fabric, string name)
    {
        var faults = Faults(fabric);
        return faults.Count == 0 ? fabric : throw new InputException($"{name}: {string.Join("; ", faults)}");
    }

    /// <summary>What is wrong with a fabric: one clause per fault; empty for a sound one.</summary>
    public static IReadOnlyList<string> Faults(FabricSpec fabric)
    {
        var faults = new List<string>();
        Range(faults, "clock_ghz", fabric.ClockGhz, 0.001, 20);
        Range(faults, "dies", fabric.Dies, 1, 4096);
        StyleFaults(fabric, faults);
        BankFaults(fabric.Bank, faults);
        SiteFaults(fabric.Sites, faults);
        NetworkFaults(fabric.Network, faults);
        VectorFaults(fabric.Vector, fabric.KvSram, faults);
        Range(faults, "sampler.logits_per_cycle", fabric.Sampler.LogitsPerCycle, 1, 1 << 20);
        Range(faults, "sampler.pipeline_cycles", fabric.Sampler.PipelineCycles, 0, 10_000);
        NumericsFaults(fabric.Numerics, faults);
        CardFaults(fabric.Card, faults);
        // What lies around the die is checked only for a sound die: its checks divide by the die's sizes.
        if (faults.Count > 0)
            return faults;
        SystemFaults(fabric, faults);
        if (fabric.Hbm is { } hbm)
            HbmFaults(hbm, faults);
        return faults;
    }

    /// <summary>Why weights of a format cannot be stored in the banks of a fabric; null when they can.</summary>
    /// <param name="fabric">Fabric.</param>
    /// <param name="format">Code format of a matrix.</param>
    public static string? FormatFault(FabricSpec fabric, string format) => fabric.Bank.BankStyle.FormatFault(fabric.Bank, format);

    private static void BankFaults(BankSpec bank, List<string> faults)
    {
        Range(faults, "bank.rows", bank.Rows, 1, 1 << 20);
        Range(faults, "bank.columns", bank.Columns, 16, 1 << 20);
        if (bank.Columns % BankSpec.PanelColumns != 0)
            faults.Add($"bank.columns {bank.Columns} must be a multiple of {BankSpec.PanelColumns}");
        Range(faults, "bank.rom_bits_per_weight", bank.RomBitsPerWeight, 0.5, 64);
        Range(faults, "bank.code_bits", bank.CodeBits, 1, BankStyleRegistry.Find(bank.Style)?.MaximumCodeBits ?? 8);
        Range(faults, "bank.accumulator_bits", bank.AccumulatorBits, 8, 64);
        Range(faults, "bank.pipeline_cycles", bank.PipelineCycles, 0, 10_000);
        Range(faults, "bank.scale_block_rows", bank.ScaleBlockRows, 1, 1 << 16);
        Range(faults, "bank.columns_per_scale_unit", bank.ColumnsPerScaleUnit, 1, Math.Min(bank.ScaleBlockRows, BankArithmetic.BlockRows));
        Range(faults, "bank.control_flip_flops", bank.ControlFlipFlops, 0, 1 << 20);
        Range(faults, "bank.spare_rows", bank.SpareRows, 0, bank.Rows);
        Range(faults, "bank.spare_columns", bank.SpareColumns, 0, bank.Columns);
    }

    private static void SiteFaults(SiteGridSpec sites, List<string> faults)
    {
        Range(faults, "sites.columns", sites.Columns, 1, 1 << 14);
        Range(faults, "sites.rows", sites.Rows, 1, 1 << 14);
        Range(faults, "sites.tile_columns", sites.TileColumns, 1, sites.Columns);
        Range(faults, "sites.tile_rows", sites.TileRows, 1, sites.Rows);
        Range(faults, "sites.spare_banks", sites.SpareBanks, 0, (double)sites.Columns * sites.Rows);
        Range(faults, "sites.patch_rows", sites.PatchRows, 0, 1 << 20);
    }

    private static void NetworkFaults(NetworkSpec network, List<string> faults)
    {
        Range(faults, "network.cycles_per_hop", network.CyclesPerHop, 0.01, 1000);
        Range(faults, "network.link_bits", network.LinkBits, 1, 1 << 20);
        Range(faults, "network.vector_links", network.VectorLinks, 1, 1 << 16);
        Range(faults, "network.reduction_cycles_per_level", network.ReductionCyclesPerLevel, 0, 1000);
        Range(faults, "network.partial_sum_bits", network.PartialSumBits, 8, 64);
        Range(faults, "network.die_to_die_cycles", network.DieToDieCycles, 0, 1e6);
        Range(faults, "network.die_to_die_bits", network.DieToDieBits, 1, 1 << 20);
    }

    private static void VectorFaults(VectorSpec vector, KvSramSpec kv, List<string> faults)
    {
        Range(faults, "vector.clusters", vector.Clusters, 1, 1 << 16);
        Range(faults, "vector.lanes", vector.Lanes, vector.Clusters, 1 << 24);
        Range(faults, "vector.pipeline_cycles", vector.PipelineCycles, 0, 10_000);
        Range(faults, "vector.scalar_function_cycles", vector.ScalarFunctionCycles, 0, 10_000);
        Range(faults, "kv_sram.capacity_mb", kv.CapacityMb, 1e-6, 1e6);
        Range(faults, "kv_sram.banks", kv.Banks, vector.Clusters, 1 << 24);
        Range(faults, "kv_sram.port_bytes", kv.PortBytes, 1, 1 << 16);
        Range(faults, "kv_sram.latency_cycles", kv.LatencyCycles, 0, 10_000);
        Range(faults, "kv_sram.queries_per_port", kv.QueriesPerPort, 1, 1024);
    }

    private static void NumericsFaults(NumericsSpec numerics, List<string> faults)
    {
        Range(faults, "numerics.activation_bits", numerics.ActivationBits, 4, 16);
        if (numerics.KvBits is not (4 or 8 or 16))
            faults.Add($"numerics.kv_bits {numerics.KvBits} must be 4, 8 or 16");
        if (numerics.VectorPrecision is not ("fp32" or "fp16"))
            faults.Add($"numerics.vector_precision '{numerics.VectorPrecision}' must be fp32 or fp16");
    }

    private static void CardFaults(CardSpec card, List<string> faults)
    {
        Range(faults, "card.pcie_lanes", card.PcieLanes, 1, 32);
        Range(faults, "card.pcie_generation", card.PcieGeneration, 1, 8);
        Range(faults, "card.user_slots", card.UserSlots, 1, 1 << 20);
        Range(faults, "card.maximum_context", card.MaximumContext, 1, 1 << 28);
    }

    private static void SystemFaults(FabricSpec fabric, List<string> faults)
    {
        var system = fabric.System;
        Range(faults, "system.dies_per_package", system.DiesPerPackage, 0, 4096);
        Range(faults, "system.packages_per_card", system.PackagesPerCard, 1, 4096);
        Range(faults, "system.tensor_parallel_dies", system.TensorParallelDies, 1, fabric.Dies);
        if (system.TensorParallelDies is var tensor and > 1 && fabric.Dies % tensor != 0)
            faults.Add($"dies {fabric.Dies} must be a multiple of system.tensor_parallel_dies {tensor}");
        if (faults.Count == 0 && fabric.Packages > 1 && system.Link is null)
            faults.Add($"{fabric.Dies} dies in {fabric.Packages} packages need system.link (gb_per_second, latency_ns, pj_per_bit)");
        if (system.Link is not { } link)
            return;
        Range(faults, "system.link.gb_per_second", link.GbPerSecond, 1e-3, 1e6);
        Range(faults, "system.link.latency_ns", link.LatencyNs, 0, 1e9);
        Range(faults, "system.link.pj_per_bit", link.PjPerBit, 0, 1e6);
    }

    private static void HbmFaults(HbmSpec hbm, List<string> faults)
    {
        Range(faults, "hbm.stacks_per_die", hbm.StacksPerDie, 1, 64);
        Range(faults, "hbm.gb_per_stack", hbm.GbPerStack, 1e-3, 1e4);
        Range(faults, "hbm.gb_per_second_per_stack", hbm.GbPerSecondPerStack, 1e-3, 1e5);
        Range(faults, "hbm.latency_ns", hbm.LatencyNs, 0, 1e6);
    }

    private static void Range(List<string> faults, string field, double value, double low, double high)
    {
        if (!(value >= low && value <= high))
            faults.Add(FormattableString.Invariant($"{field} {value:0.######} must lie in {low:0.######} … {high:0.######}"));
    }

    private static void StyleFaults(FabricSpec fabric, List<string> faults)
    {
        var bank = fabric.Bank;
        if (BankStyleRegistry.Find(bank.Style) is not { } style)
        {
            faults.Add(BankStyleRegistry.UnknownText(bank.Style));
            return;
        }

        faults.AddRange(style.Faults(bank, fabric.Numerics.ActivationBits));
        if (style.FormatFault(bank, fabric.DefaultWeights) is { } fault)
            faults.Add($"default_weights: {fault}");
    }
}
