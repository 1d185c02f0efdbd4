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
    public static FabricSpec From(ParsedYaml file, IReadOnlyDictionary<string, string>? overrides = null)
    {
        var fabric = Checked(file.Bind<FabricSpec>(overrides), file.Path);
        // A changed fabric is not the chip that something was published about.
        return overrides is { Count: > 0 } ? fabric with { Published = null } : fabric;
    }

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
        var (bank, sites, network, vector, kv, numerics, card) = (
            fabric.Bank,
            fabric.Sites,
            fabric.Network,
            fabric.Vector,
            fabric.KvSram,
            fabric.Numerics,
            fabric.Card
        );
        Range("clock_ghz", fabric.ClockGhz, 0.001, 20);
        if (fabric.SupplyVolts is { } volts)
            Range("supply_volts", volts, 0.1, 10);
        Range("dies", fabric.Dies, 1, 4096);
        StyleFaults(fabric, faults);
        Range("bank.rows", bank.Rows, 1, 1 << 20);
        Range("bank.columns", bank.Columns, 16, 1 << 20);
        if (bank.Columns % BankSpec.PanelColumns != 0)
            faults.Add($"bank.columns {bank.Columns} must be a multiple of {BankSpec.PanelColumns}");
        Range("bank.rom_bits_per_weight", bank.RomBitsPerWeight, 0.5, 64);
        Range("bank.code_bits", bank.CodeBits, 1, BankStyleRegistry.Find(bank.Style)?.MaximumCodeBits ?? 8);
        Range("bank.accumulator_bits", bank.AccumulatorBits, 8, 64);
        Range("bank.pipeline_cycles", bank.PipelineCycles, 0, 10_000);
        Range("bank.scale_block_rows", bank.ScaleBlockRows, 1, 1 << 16);
        Range("bank.columns_per_scale_unit", bank.ColumnsPerScaleUnit, 1, Math.Min(bank.ScaleBlockRows, BankArithmetic.BlockRows));
        Range("bank.control_flip_flops", bank.ControlFlipFlops, 0, 1 << 20);
        Range("bank.spare_rows", bank.SpareRows, 0, bank.Rows);
        Range("bank.spare_columns", bank.SpareColumns, 0, bank.Columns);
        Range("sites.columns", sites.Columns, 1, 1 << 14);
        Range("sites.rows", sites.Rows, 1, 1 << 14);
        Range("sites.tile_columns", sites.TileColumns, 1, sites.Columns);
        Range("sites.tile_rows", sites.TileRows, 1, sites.Rows);
        Range("sites.spare_banks", sites.SpareBanks, 0, (double)sites.Columns * sites.Rows);
        Range("sites.patch_rows", sites.PatchRows, 0, 1 << 20);
        Range("network.cycles_per_hop", network.CyclesPerHop, 0.01, 1000);
        Range("network.link_bits", network.LinkBits, 1, 1 << 20);
        Range("network.vector_links", network.VectorLinks, 1, 1 << 16);
        Range("network.reduction_cycles_per_level", network.ReductionCyclesPerLevel, 0, 1000);
        Range("network.partial_sum_bits", network.PartialSumBits, 8, 64);
        Range("network.die_to_die_cycles", network.DieToDieCycles, 0, 1e6);
        Range("network.die_to_die_bits", network.DieToDieBits, 1, 1 << 20);
        Range("vector.clusters", vector.Clusters, 1, 1 << 16);
        Range("vector.lanes", vector.Lanes, vector.Clusters, 1 << 24);
        Range("vector.pipeline_cycles", vector.PipelineCycles, 0, 10_000);
        Range("vector.scalar_function_cycles", vector.ScalarFunctionCycles, 0, 10_000);
        Range("kv_sram.capacity_mb", kv.CapacityMb, 1e-6, 1e6);
        Range("kv_sram.banks", kv.Banks, vector.Clusters, 1 << 24);
        Range("kv_sram.port_bytes", kv.PortBytes, 1, 1 << 16);
        Range("kv_sram.latency_cycles", kv.LatencyCycles, 0, 10_000);
        Range("kv_sram.queries_per_port", kv.QueriesPerPort, 1, 1024);
        Range("sampler.logits_per_cycle", fabric.Sampler.LogitsPerCycle, 1, 1 << 20);
        Range("sampler.pipeline_cycles", fabric.Sampler.PipelineCycles, 0, 10_000);
        Range("numerics.activation_bits", numerics.ActivationBits, 4, 16);
        if (numerics.KvBits is not (4 or 8 or 16))
            faults.Add($"numerics.kv_bits {numerics.KvBits} must be 4, 8 or 16");
        if (numerics.VectorPrecision is not ("fp32" or "fp16"))
            faults.Add($"numerics.vector_precision '{numerics.VectorPrecision}' must be fp32 or fp16");
        Range("card.pcie_lanes", card.PcieLanes, 1, 32);
        Range("card.pcie_generation", card.PcieGeneration, 1, 8);
        Range("card.user_slots", card.UserSlots, 1, 1 << 20);
        Range("card.maximum_context", card.MaximumContext, 1, 1 << 28);
        if (faults.Count == 0)
            Parts();
        return faults;

        void Parts()
        {
            var system = fabric.System;
            Range("system.dies_per_package", system.DiesPerPackage, 0, 4096);
            Range("system.packages_per_card", system.PackagesPerCard, 1, 4096);
            Range("system.tensor_parallel_dies", system.TensorParallelDies, 1, fabric.Dies);
            if (system.TensorParallelDies is var tensor and > 1 && fabric.Dies % tensor != 0)
                faults.Add($"dies {fabric.Dies} must be a multiple of system.tensor_parallel_dies {tensor}");
            if (faults.Count == 0 && fabric.Packages > 1 && system.Link is null)
                faults.Add($"{fabric.Dies} dies in {fabric.Packages} packages need system.link (gb_per_second, latency_ns, pj_per_bit)");
            if (system.Link is { } link)
            {
                Range("system.link.gb_per_second", link.GbPerSecond, 1e-3, 1e6);
                Range("system.link.latency_ns", link.LatencyNs, 0, 1e9);
                Range("system.link.pj_per_bit", link.PjPerBit, 0, 1e6);
            }

            if (fabric.Hbm is { } hbm)
            {
                Range("hbm.stacks_per_die", hbm.StacksPerDie, 1, 64);
                Range("hbm.gb_per_stack", hbm.GbPerStack, 1e-3, 1e4);
                Range("hbm.gb_per_second_per_stack", hbm.GbPerSecondPerStack, 1e-3, 1e5);
                Range("hbm.latency_ns", hbm.LatencyNs, 0, 1e6);
            }
        }

        void Range(string field, double value, double low, double high)
        {
            if (!(value >= low && value <= high))
                faults.Add(FormattableString.Invariant($"{field} {value:0.######} must lie in {low:0.######} … {high:0.######}"));
        }
    }

    /// <summary>Why weights of a format cannot be stored in the banks of a fabric; null when they can.</summary>
    /// <param name="fabric">Fabric.</param>
    /// <param name="format">Code format of a matrix.</param>
    public static string? FormatFault(FabricSpec fabric, string format) => fabric.Bank.BankStyle.FormatFault(fabric.Bank, format);

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
