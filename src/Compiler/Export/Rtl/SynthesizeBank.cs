using System.Globalization;
using System.Text.RegularExpressions;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Maps a bank's logic on a Liberty cell library with Yosys. The ROM array is left out: it is no standard cell.</summary>
public static partial class SynthesizeBank
{
    /// <summary>Synthesises one bank; columns are equal, so that one is mapped and multiplied by their number.</summary>
    /// <param name="config">Rows, columns and widths of the bank.</param>
    /// <param name="liberty">Liberty file, plain or with extension .gz.</param>
    /// <param name="cancel">Stops Yosys.</param>
    /// <exception cref="InputException">Yosys is missing, or the library cannot be read.</exception>
    public static async Task<SynthesisReport> RunAsync(RtlConfig config, string liberty, CancellationToken cancel = default)
    {
        config.Validate();
        using var folder = WorkFolder.Create();
        RtlSources.Write(folder.Path, RtlSources.Port);
        // The array stays a black box; its contents need not be there.
        foreach (var contents in (string[])["codes.hex", "scales.hex"])
            await File.WriteAllTextAsync(Path.Combine(folder.Path, contents), "", cancel).ConfigureAwait(false);
        var library = Path.Combine(folder.Path, "cells.lib");
        var cells = LibertyCells.Unpack(liberty, library);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "cells.v"), cells.TechnologyMap(), cancel).ConfigureAwait(false);
        // Full adders stay modules until they are replaced by the library's cell, which abc cannot find; without one they dissolve into
        // gates.
        var script = $"""
            read_verilog {(cells.HasFullAdder ? "-lib " : "")}full_adder.v
            read_verilog -lib rom.v register_file.v
            read_verilog delay.v ripple_adder.v products.v code_decoder.v column.v scale_unit.v bank.v
            chparam -set ROWS {config.StreamRows} -set COLUMNS {config.Columns} -set CODE_BITS {config.CodeBits} bank
            chparam -set ACTIVATION_BITS {config.ActivationBits} -set ACCUMULATOR_BITS {config.AccumulatorBits} bank
            chparam -set PIPELINE_CYCLES {config.PipelineCycles} -set SCALE_COLUMNS {config.ColumnsPerScaleUnit} bank
            hierarchy -check -top bank
            synth -flatten -top bank
            techmap -map cells.v
            techmap
            dfflibmap -liberty cells.lib
            opt -full
            abc -liberty cells.lib
            opt_clean -purge
            tee -q -o stat.txt stat -liberty cells.lib
            setattr -mod -unset keep_hierarchy *code_decoder*
            flatten
            read_liberty -lib -ignore_miss_func cells.lib
            tee -q -o paths.txt ltp -noff w:* {string.Join(' ', cells.Gates.Select(g => "t:" + g))}

            """;
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "synth.ys"), script, cancel).ConfigureAwait(false);
        await ExternalTool.RunAsync("yosys", ["-q", "-s", "synth.ys"], folder.Path, cancel).ConfigureAwait(false);
        var stat = await File.ReadAllTextAsync(Path.Combine(folder.Path, "stat.txt"), cancel).ConfigureAwait(false);
        var paths = await File.ReadAllTextAsync(Path.Combine(folder.Path, "paths.txt"), cancel).ConfigureAwait(false);
        return Report(stat, paths);
    }

    private static SynthesisReport Report(string stat, string paths)
    {
        var hierarchy = stat[Math.Max(0, stat.IndexOf("=== design hierarchy ===", StringComparison.Ordinal))..];
        var (gates, module) = LongestPath()
            .Matches(paths)
            .Select(m =>
                (Gates: int.Parse(m.Groups["gates"].Value, CultureInfo.InvariantCulture), Module: ModuleName(m.Groups["module"].Value))
            )
            .Max();
        return new SynthesisReport
        {
            Cells = long.Parse(CellCount().Match(hierarchy).Groups["cells"].Value, CultureInfo.InvariantCulture),
            AreaUm2 = Area(TopArea(), hierarchy),
            ColumnAreaUm2 = ModuleArea(stat, "column") + ModuleArea(stat, "code_decoder"),
            ScaleUnitAreaUm2 = ModuleArea(stat, "scale_unit"),
            ProductsAreaUm2 = ModuleArea(stat, "products"),
            SequencerAreaUm2 = ModuleArea(stat, "bank"),
            LongestPathGates = gates,
            LongestPathModule = module,
        };
    }

    // The largest variant: the first column of a scale unit has no latch.
    private static double ModuleArea(string stat, string module) =>
        ModuleAreas()
            .Matches(stat)
            .Where(m => ModuleName(m.Groups["module"].Value) == module)
            .Select(m => double.Parse(m.Groups["area"].Value, CultureInfo.InvariantCulture))
            .DefaultIfEmpty()
            .Max();

    // $paramod$<hash>\column or $paramod\column\A=… or \column.
    private static string ModuleName(string name) =>
        name.Split('\\').FirstOrDefault(part => part is "column" or "code_decoder" or "scale_unit" or "products" or "bank") ?? name;

    private static double Area(Regex pattern, string text) =>
        pattern.Match(text) is { Success: true } match
            ? double.Parse(match.Groups["area"].Value, CultureInfo.InvariantCulture)
            : throw new InputException("yosys: its statistics hold no chip area; does the library give the area of its cells?");

    [GeneratedRegex(
        @"Longest topological path in (?<module>\S+) \(length=(?<gates>\d+)\)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex LongestPath();

    [GeneratedRegex(@"Number of cells:\s+(?<cells>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex CellCount();

    [GeneratedRegex(
        @"Chip area for top module '[^']*':\s+(?<area>[0-9.eE+]+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex TopArea();

    [GeneratedRegex(
        @"Chip area for module '(?<module>[^:\n]*)':\s+(?<area>[0-9.eE+]+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex ModuleAreas();
}
