using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>What the fields of a fabric must be to each other, so that a chip can be made from it.</summary>
internal static class FabricRules
{
    /// <summary>Most sites of all dies: more than any model that is known needs in the smallest banks that are sensible.</summary>
    public const int MaximumSites = 1 << 24;

    /// <summary>Everything that is wrong between fields.</summary>
    public static IEnumerable<FieldFault> Faults(FabricSpec fabric) =>
        [
            .. StyleFaults(fabric, fabric.Bank, "bank"),
            .. BankFaults(fabric.Bank, "bank"),
            .. fabric.RouterBank is { } router ? StyleFaults(fabric, router, "router_bank").Concat(BankFaults(router, "router_bank")) : [],
            .. RouterFaults(fabric),
            .. MaskFaults(fabric),
            .. SiteFaults(fabric),
            .. VectorFaults(fabric),
            .. SystemFaults(fabric),
            .. TechnologyFaults(fabric),
        ];

    private static IEnumerable<FieldFault> StyleFaults(FabricSpec fabric, BankSpec bank, string at)
    {
        if (BankStyleRegistry.Find(bank.Style) is not { } style)
            return [new FieldFault(BankStyleRegistry.UnknownText(bank.Style), $"{at}.style")];
        var faults = style
            .Faults(bank, fabric.Numerics.ActivationBits)
            .Select(text => at == "bank" ? text : text.Replace("bank.", at + ".", StringComparison.Ordinal))
            .Select(text => new FieldFault(text, text.Split(' ')[0].TrimEnd(':'), $"{at}.style", $"{at}.rows", "numerics.activation_bits"))
            .ToList();
        if (bank.CodeBits > style.MaximumCodeBits)
            faults.Add(
                new(
                    $"{at}.code_bits {bank.CodeBits} must lie in 1 … {style.MaximumCodeBits} for {style.Name}",
                    $"{at}.code_bits",
                    $"{at}.style"
                )
            );
        var format = at == "bank" ? fabric.DefaultWeights : "f32";
        if (style.FormatFault(bank, format) is { } fault)
            faults.Add(new($"{(at == "bank" ? "default_weights" : at)}: {fault}", "default_weights", $"{at}.code_bits", $"{at}.style"));
        return faults;
    }

    private static IEnumerable<FieldFault> BankFaults(BankSpec bank, string at)
    {
        if (bank.OutputsPerAdder > 1 && BankStyleRegistry.Find(bank.Style) is { SharesAdders: false } style)
            yield return new(
                $"{at}.outputs_per_adder {bank.OutputsPerAdder} must be 1 for {style.Name}",
                $"{at}.outputs_per_adder",
                $"{at}.style"
            );
        else if (bank.OutputsPerAdder > 1 && bank.Columns % bank.OutputsPerAdder != 0)
            yield return new(
                $"{at}.columns {bank.Columns} must be a multiple of {at}.outputs_per_adder ({bank.OutputsPerAdder})",
                $"{at}.columns",
                $"{at}.outputs_per_adder"
            );
        if (bank.Columns % BankSpec.PanelColumns != 0)
            yield return new($"{at}.columns {bank.Columns} must be a multiple of {BankSpec.PanelColumns}", $"{at}.columns");
        var turns = Math.Min(bank.ScaleBlockRows, BankArithmetic.BlockRows);
        if (bank.ColumnsPerScaleUnit > turns)
            yield return new(
                $"{at}.columns_per_scale_unit {bank.ColumnsPerScaleUnit} must lie in 1 … {turns}",
                $"{at}.columns_per_scale_unit",
                $"{at}.scale_block_rows"
            );
        if (bank.SpareRows > bank.Rows)
            yield return new($"{at}.spare_rows {bank.SpareRows} must lie in 0 … {bank.Rows}", $"{at}.spare_rows", $"{at}.rows");
        if (bank.SpareColumns > bank.Columns)
            yield return new(
                $"{at}.spare_columns {bank.SpareColumns} must lie in 0 … {bank.Columns}",
                $"{at}.spare_columns",
                $"{at}.columns"
            );
    }

    private static IEnumerable<FieldFault> RouterFaults(FabricSpec fabric)
    {
        if (fabric.RouterBank is { } router && router.PositionsPerRead != fabric.Bank.PositionsPerRead)
            yield return new(
                $"router_bank.positions_per_read {router.PositionsPerRead} must be that of the other banks "
                    + $"({fabric.Bank.PositionsPerRead})",
                "router_bank.positions_per_read",
                "bank.positions_per_read"
            );
    }

    // An image has two layers whose bits differ; what is not stored on them has no image.
    private static IEnumerable<FieldFault> MaskFaults(FabricSpec fabric)
    {
        if (fabric.CustomMasks < 2 && BankStyleRegistry.Find(fabric.Bank.Style) is { ImageFault: null, WeightsInSram: false })
            yield return new(
                $"custom_masks {fabric.CustomMasks} must be at least 2 for {fabric.Bank.Style}: the weights and the dataflow layer",
                "custom_masks",
                "bank.style"
            );
    }

    private static IEnumerable<FieldFault> SiteFaults(FabricSpec fabric)
    {
        var sites = fabric.Sites;
        if (sites.TileColumns > sites.Columns)
            yield return new(
                $"sites.tile_columns {sites.TileColumns} must lie in 1 … {sites.Columns}",
                "sites.tile_columns",
                "sites.columns"
            );
        if (sites.TileRows > sites.Rows)
            yield return new($"sites.tile_rows {sites.TileRows} must lie in 1 … {sites.Rows}", "sites.tile_rows", "sites.rows");
        var perDie = (double)sites.Columns * sites.Rows;
        if (sites.SpareBanks > perDie)
            yield return new(
                FormattableString.Invariant($"sites.spare_banks {sites.SpareBanks} must lie in 0 … {perDie:0}"),
                "sites.spare_banks",
                "sites.columns",
                "sites.rows"
            );
        if (perDie * fabric.Dies > MaximumSites)
            yield return new(
                FormattableString.Invariant(
                    $"sites.columns {sites.Columns} × sites.rows {sites.Rows} × dies {fabric.Dies} must not exceed {MaximumSites} sites"
                ),
                "sites.columns",
                "sites.rows",
                "dies"
            );
    }

    private static IEnumerable<FieldFault> VectorFaults(FabricSpec fabric)
    {
        var (vector, kv, numerics) = (fabric.Vector, fabric.KvSram, fabric.Numerics);
        if (vector.Lanes < vector.Clusters)
            yield return new(
                $"vector.lanes {vector.Lanes} must be at least vector.clusters ({vector.Clusters})",
                "vector.lanes",
                "vector.clusters"
            );
        if (kv.Banks < vector.Clusters)
            yield return new(
                $"kv_sram.banks {kv.Banks} must be at least vector.clusters ({vector.Clusters})",
                "kv_sram.banks",
                "vector.clusters"
            );
        if (numerics.KvBits is not (4 or 8 or 16))
            yield return new($"numerics.kv_bits {numerics.KvBits} must be 4, 8 or 16", "numerics.kv_bits");
        if (numerics.VectorPrecision is not ("fp32" or "fp16"))
            yield return new($"numerics.vector_precision '{numerics.VectorPrecision}' must be fp32 or fp16", "numerics.vector_precision");
    }

    private static IEnumerable<FieldFault> SystemFaults(FabricSpec fabric)
    {
        var system = fabric.System;
        var tensor = system.TensorParallelDies;
        if (tensor < 1 || fabric.Dies < 1)
            yield break;
        if (tensor > fabric.Dies)
            yield return new($"system.tensor_parallel_dies {tensor} must lie in 1 … {fabric.Dies}", "system.tensor_parallel_dies", "dies");
        else if (fabric.Dies % tensor != 0)
            yield return new(
                $"dies {fabric.Dies} must be a multiple of system.tensor_parallel_dies {tensor}",
                "dies",
                "system.tensor_parallel_dies"
            );
        if (fabric.Packages > 1 && system.Link is null)
            yield return new(
                $"{fabric.Dies} dies in {fabric.Packages} packages need system.link (gb_per_second, latency_ns, pj_per_bit)",
                "system.link",
                "dies",
                "system.dies_per_package"
            );
    }

    private static IEnumerable<FieldFault> TechnologyFaults(FabricSpec fabric)
    {
        // A name, never a path: an image comes from elsewhere and must not choose what is read here.
        if (fabric.Technology is not { Length: > 0 and <= 200 } name || name.AsSpan().IndexOfAny('/', '\\', '\0') >= 0 || name[0] == '.')
            yield return new(
                $"technology '{fabric.Technology}' must be the name of a process of chips/technology, without folder",
                "technology"
            );
    }
}
