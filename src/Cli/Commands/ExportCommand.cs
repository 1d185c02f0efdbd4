using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Quantities;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Export;
using TaalasSim.Runtime.Activity;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Cli.Commands;

/// <summary><c>export CHIP --gds|--verilog|--trace</c>: mask layers for a fab tool, Verilog of a port's banks, a trace of the engine.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var chip = new Argument<string>("CHIP") { Description = "Folder of a chip image." };
        var gds = new Option<string?>("--gds") { Description = "Write the two layers as GDSII.", HelpName = "FILE" };
        var window = new Option<string?>("--window") { Description = "Only the sites x0,y0 to x1,y1 of die 0.", HelpName = "x0,y0,x1,y1" };
        var bank = new Option<int?>("--bank") { Description = "Only the bank on this site.", HelpName = "SITE" };
        var rules = new Option<string?>("--rules") { Description = "Mask rules: a name of chips/masks or a YAML file; default: those of the fabric's process.", HelpName = "NAME|FILE" };
        var check = new Option<bool>("--check") { Description = "Run the design-rule check on the written GDSII; exit 1 when it finds faults." };
        var verilog = new Option<string?>("--verilog") { Description = "Write the whole chip in Verilog-2005 with its ROM contents, ready for Verilator; with --port only a matrix port's banks and reduction tree.", HelpName = "DIR" };
        var port = new Option<string?>("--port") { Description = "Matrix port to write, e.g. blk.0.attn_q.weight; default: the whole chip.", HelpName = "TENSOR" };
        var segment = new Option<int>("--segment") { Description = "Output segment of the port.", HelpName = "N" };
        var trace = new Option<string?>("--trace") { Description = "Write a Perfetto trace (JSON) of the event engine; open it at ui.perfetto.dev.", HelpName = "FILE" };
        var users = new Option<int>("--users") { Description = "Users in the trace.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var tokens = new Option<int>("--tokens") { Description = "Answer tokens of each user in the trace.", DefaultValueFactory = _ => 4, HelpName = "N" };
        var json = CommonOptions.Json();
        var command = new Command("export", "Write a chip's masks as GDSII, a port as Verilog, or a trace of its engine. Example: ./taalas export stories.chip --gds stories.gds --bank 0 --check")
        {
            chip, gds, window, bank, rules, check, verilog, port, segment, trace, users, tokens, json,
        };
        command.SetAction((parsed, cancel) =>
        {
            var folder = parsed.GetRequiredValue(chip);
            var asked = new[] { parsed.GetValue(gds), parsed.GetValue(verilog), parsed.GetValue(trace) }.Count(x => x is not null);
            if (asked != 1)
                throw new InputException("export: say what to write: one of --gds FILE, --verilog DIR, --trace FILE");
            var asJson = parsed.GetValue(json);
            if (parsed.GetValue(gds) is { } file)
                return Task.FromResult(Gds(folder, file, parsed.GetValue(window), parsed.GetValue(bank), parsed.GetValue(rules), parsed.GetValue(check), asJson, cancel));
            return Task.FromResult(parsed.GetValue(verilog) is { } target
                ? Verilog(folder, target, parsed.GetValue(port), parsed.GetValue(segment), asJson, cancel)
                : Trace(folder, parsed.GetValue(trace)!, parsed.GetValue(users), parsed.GetValue(tokens), asJson));
        });
        return command;
    }

    /// <summary>The port of that name, or the first one that Verilog can be written of.</summary>
    public static PortPlan Port(MaskImage image, string? tensor)
    {
        if (tensor is null)
            return image.Ports.FirstOrDefault(p => p.Format.StartsWith("rom", StringComparison.Ordinal))
                ?? throw new InputException("no port of this chip is in a fabric format; compile it with --weights rom4");
        return image.Ports.FirstOrDefault(p => p.Tensor == tensor) ?? throw new InputException($"--port {tensor}: the chip has no such port; see chip.yaml");
    }

    private static int Gds(string folder, string file, string? window, int? bank, string? rulesName, bool check, bool json, CancellationToken cancel)
    {
        using var image = MaskImage.Open(folder, cancel);
        var rules = YamlReader.Read<MaskRules>(ChipsFolder.Library.Resolve("masks", rulesName ?? image.Fabric.Technology));
        var geometry = new MaskGeometry(image.Fabric, rules);
        GdsSummary summary;
        using (var line = new ProgressLine())
            summary = ExportGds.ToFile(file, image, geometry, Window(window, bank, image.Fabric), new StepProgress(line, "Write GDSII"), cancel);
        DrcReport? drc = null;
        if (check)
        {
            using var line = new ProgressLine();
            line.Show("Check design rules");
            using var stream = File.OpenRead(file);
            drc = CheckMask.Run(stream, geometry, file, cancel);
        }

        if (json)
        {
            Json.Write(new { File = file, summary.Banks, summary.VectorArrays, summary.Vias, summary.Straps, summary.Bytes, DesignRules = drc });
            return drc is { Clean: false } ? ExitCode.No : ExitCode.Done;
        }

        Console.Out.WriteLine($"{file}: {NumberText.Count(summary.Banks)} banks, {NumberText.Count(summary.Vias)} vias, {NumberText.Count(summary.Straps)} straps, {NumberText.Si(summary.Bytes, "B")}");
        if (drc is null)
            return ExitCode.Done;
        Console.Out.WriteLine(drc.Clean ? string.Create(CultureInfo.InvariantCulture, $"design rules: no fault; via density {drc.ViaDensityMean * 100:0.0} % in the mean, {drc.ViaDensityMaximum * 100:0.0} % at most") : $"design rules: {drc.FaultCount} faults");
        foreach (var fault in drc.Faults.Take(10))
            Console.Out.WriteLine($"  {fault.Rule} in {fault.Cell} at {fault.X}, {fault.Y}: {fault.What}");
        return drc.Clean ? ExitCode.Done : ExitCode.No;
    }

    private static MaskWindow Window(string? window, int? bank, FabricSpec fabric)
    {
        if (window is not null && bank is not null)
            throw new InputException("give --window or --bank, not both");
        if (bank is { } site)
            return site >= 0 && site < fabric.Sites.PerDie * fabric.Dies ? MaskWindow.Of(site, fabric) : throw new InputException($"--bank {site}: the fabric has sites 0…{(fabric.Sites.PerDie * fabric.Dies) - 1}");
        if (window is null)
            return MaskWindow.Everything;
        var parts = window.Split(',');
        var v = new int[4];
        for (var i = 0; i < 4; i++)
            if (parts.Length != 4 || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out v[i]))
                throw new InputException($"--window {window}: write four site numbers x0,y0,x1,y1");
        if (v[2] < v[0] || v[3] < v[1] || v[2] >= fabric.Sites.Columns || v[3] >= fabric.Sites.Rows)
            throw new InputException($"--window {window}: x0 ≤ x1 < {fabric.Sites.Columns} and y0 ≤ y1 < {fabric.Sites.Rows} are needed");
        return new MaskWindow { Die = 0, Column = v[0], Row = v[1], Columns = v[2] - v[0] + 1, Rows = v[3] - v[1] + 1 };
    }

    private static int Verilog(string folder, string target, string? tensor, int segment, bool json, CancellationToken cancel)
    {
        using var image = MaskImage.Open(folder, cancel);
        if (tensor is null)
        {
            var chip = ExportChip.Write(image, ChipDirectory.ReadDescription(folder), target, cancel);
            if (json)
                Json.Write(new { Folder = target, ExportChip.Top, Files = ChipRtl.Files, chip.Config, Instructions = chip.Program.Instructions.Count });
            else
                Console.Out.WriteLine($"{target}: {chip.Plan.Model.Name}, {chip.Plan.SitesUsed} banks, {chip.Config.Regions} vector clusters, {chip.Program.Instructions.Count} instructions a token; check it with ./taalas verify-rtl {folder}");
            return ExitCode.Done;
        }

        var port = Port(image, tensor);
        if (segment < 0 || segment >= port.OutputSegments)
            throw new InputException($"--segment {segment}: port {port.Tensor} has segments 0…{port.OutputSegments - 1}");
        var written = ExportVerilog.Write(image, port.Tensor, segment, target);
        if (json)
            Json.Write(new { Folder = target, port.Tensor, Segment = segment, written.Config, LatencyCycles = written.Config.LatencyCycles });
        else
            Console.Out.WriteLine($"{target}: {port.Tensor} segment {segment}, sums after {written.Config.LatencyCycles} cycles; check it with ./taalas verify-rtl {folder} --port {port.Tensor}");
        return ExitCode.Done;
    }

    private static int Trace(string folder, string file, int users, int tokens, bool json)
    {
        var description = ChipDirectory.ReadDescription(folder);
        if (users is < 1 or > 4096 || tokens is < 1 or > 100_000)
            throw new InputException($"--users {users} --tokens {tokens}: use 1…4096 users and 1…100000 tokens");
        var schedule = BuildTokenSchedule.From(description.Plan());
        var engine = new EventEngine(schedule, Workload.Users(users, new Request(0, 1, tokens)), new TraceWindow(0, long.MaxValue));
        var result = engine.Run();
        AtomicFile.Write(file, stream => TraceWriter.Write(stream, schedule, result, description.Fabric.ClockGhz * 1e9));
        if (json)
            Json.Write(new { File = file, result.Cycles, result.Events, Slices = result.Trace.Count, result.TraceDropped, CriticalPath = result.CriticalPath });
        else
            Console.Out.WriteLine($"{file}: {NumberText.Count(result.Cycles)} cycles in {NumberText.Count(result.Trace.Count)} slices; open it at ui.perfetto.dev");
        return ExitCode.Done;
    }

    private sealed class StepProgress(ProgressLine line, string step) : IProgress<double>
    {
        public void Report(double value) => line.Show(step, value);
    }
}
