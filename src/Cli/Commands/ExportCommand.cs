using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;
using TaalasSim.Compiler.Export.Rtl;
using TaalasSim.Reports.Charts;
using TaalasSim.Runtime.Activity;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Cli.Commands;

/// <summary><c>export CHIP --gds|--pictures|--verilog|--trace</c>: mask layers for a fab tool and for people, Verilog of a port's banks, a
/// trace of the engine.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var chip = new Argument<string>("CHIP") { Description = "Folder of a chip image." };
        var gds = new Option<string?>("--gds")
        {
            Description = "Write the two layers as GDSII, with KLayout design rules next to it as FILE.drc.",
            HelpName = "FILE",
        };
        var window = new Option<string?>("--window") { Description = "Only the sites x0,y0 to x1,y1 of die 0.", HelpName = "x0,y0,x1,y1" };
        var cycles = new Option<string?>("--cycles") { Description = "Only cycles FROM up to TO in the trace.", HelpName = "FROM,TO" };
        var timetable = new Option<string?>("--timetable")
        {
            Description =
                "Write the modulo schedule as CSV: the cycles of each phase when slots enter at the initiation interval of --users.",
            HelpName = "FILE",
        };
        var context = new Option<int>("--context")
        {
            Description = "Attended positions in the schedule, and at the start of the trace.",
            DefaultValueFactory = _ => 1,
            HelpName = "N",
        };
        var bank = new Option<int?>("--bank") { Description = "Only the bank on this site.", HelpName = "SITE" };
        var rules = new Option<string?>("--rules")
        {
            Description = "Mask rules: a name of chips/masks or a YAML file; default: those of the fabric's process.",
            HelpName = "NAME|FILE",
        };
        var check = new Option<bool>("--check") { Description = "Run the design-rule check on the written GDSII; exit 1 on a violation." };
        var pictures = new Option<string?>("--pictures")
        {
            Description =
                "Draw floorplan, via density, and a bank with its vias and straps (of --bank, or else the first of the first layer) as PNG and SVG.",
            HelpName = "DIR",
        };
        var verilog = new Option<string?>("--verilog")
        {
            Description =
                "Write the complete chip in Verilog-2005 with its ROM contents, ready for Verilator; with --port only a matrix port's banks and reduction tree.",
            HelpName = "DIR",
        };
        var port = new Option<string?>("--port")
        {
            Description = "Matrix port to write, e.g. blk.0.attn_q.weight; default: the complete chip.",
            HelpName = "TENSOR",
        };
        var segment = new Option<int>("--segment") { Description = "Output segment of the port.", HelpName = "N" };
        var trace = new Option<string?>("--trace")
        {
            Description = "Write a Perfetto trace (JSON) of the event engine; open it at ui.perfetto.dev.",
            HelpName = "FILE",
        };
        var users = new Option<int>("--users")
        {
            Description = "Users in the trace.",
            DefaultValueFactory = _ => 1,
            HelpName = "N",
        };
        var tokens = new Option<int>("--tokens")
        {
            Description = "Answer tokens of each user in the trace.",
            DefaultValueFactory = _ => 4,
            HelpName = "N",
        };
        var json = CommonOptions.Json();
        var command = new Command(
            "export",
            "Write a chip's masks as GDSII or as pictures, a port as Verilog, or a trace of its engine. Example: ./taalas export stories.chip --gds stories.gds --bank 0 --check"
        )
        {
            chip,
            gds,
            window,
            bank,
            rules,
            check,
            pictures,
            verilog,
            port,
            segment,
            trace,
            cycles,
            timetable,
            users,
            tokens,
            context,
            json,
        };
        command.SetAction(
            (parsed, cancel) =>
            {
                var folder = parsed.GetRequiredValue(chip);
                var asked = new[]
                {
                    parsed.GetValue(gds),
                    parsed.GetValue(pictures),
                    parsed.GetValue(verilog),
                    parsed.GetValue(trace),
                    parsed.GetValue(timetable),
                }.Count(x => x is not null);
                if (asked != 1)
                    throw new InputException(
                        "export: nothing to write; give one of --gds FILE, --pictures DIR, --verilog DIR, --trace FILE, --timetable FILE"
                    );
                var asJson = parsed.GetValue(json);
                if (parsed.GetValue(gds) is { } file)
                    return Task.FromResult(
                        Gds(
                            folder,
                            file,
                            parsed.GetValue(window),
                            parsed.GetValue(bank),
                            parsed.GetValue(rules),
                            parsed.GetValue(check),
                            asJson,
                            cancel
                        )
                    );
                if (parsed.GetValue(pictures) is { } album)
                    return Task.FromResult(Pictures(folder, album, parsed.GetValue(bank), parsed.GetValue(rules), asJson, cancel));
                if (parsed.GetValue(verilog) is { } target)
                    return Task.FromResult(Verilog(folder, target, parsed.GetValue(port), parsed.GetValue(segment), asJson, cancel));
                var service = (Users: parsed.GetValue(users), Tokens: parsed.GetValue(tokens), Context: parsed.GetValue(context));
                if (service.Users is < 1 or > 4096 || service.Tokens is < 1 or > 100_000 || service.Context is < 1 or > 1 << 24)
                    throw new InputException(
                        $"--users {service.Users} --tokens {service.Tokens} --context {service.Context}: use 1…4096 users, 1…100000 tokens and a context of 1…{1 << 24}"
                    );
                return Task.FromResult(
                    parsed.GetValue(timetable) is { } table
                        ? Timetable(folder, table, service.Users, service.Context, asJson)
                        : Trace(folder, parsed.GetValue(trace)!, service, Cycles(parsed.GetValue(cycles)), asJson)
                );
            }
        );
        return command;
    }

    /// <summary>The port of that name, or the first one that Verilog can be written of.</summary>
    public static MatrixPlan Port(MaskImage image, string? tensor)
    {
        if (tensor is null)
            return image.Ports.FirstOrDefault(p => p.Format.StartsWith("rom", StringComparison.Ordinal))
                ?? throw new InputException("no port of this chip is in a fabric format; compile it with --weights rom4");
        return image.Ports.FirstOrDefault(p => p.Name == tensor)
            ?? throw new InputException($"--port {tensor}: the chip has no such port; see chip.yaml");
    }

    private static int Gds(
        string folder,
        string file,
        string? window,
        int? bank,
        string? rulesName,
        bool check,
        bool json,
        CancellationToken cancel
    )
    {
        using var image = MaskImage.Open(folder, cancel);
        var geometry = ChipsFolder.Masks(image.Fabric, rulesName);
        GdsSummary summary;
        using (var line = new ProgressLine())
            summary = ExportGds.ToFile(file, image, geometry, Window(window, bank, image.Fabric), line.Of("Write GDSII"), cancel);
        AtomicFile.WriteText(Deck(file), KLayoutDeck.Text(geometry, Path.GetFileName(file)));
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
            Json.Write(
                new
                {
                    File = file,
                    Deck = Deck(file),
                    summary.Banks,
                    summary.VectorArrays,
                    summary.Vias,
                    summary.Straps,
                    summary.Bytes,
                    DesignRules = drc,
                }
            );
            return drc is { Clean: false } ? ExitCode.No : ExitCode.Done;
        }

        Console.Out.WriteLine(
            $"{file}: {NumberText.Count(summary.Banks)} banks, {NumberText.Count(summary.Vias)} vias, {NumberText.Count(summary.Straps)} straps, {NumberText.Si(summary.Bytes, "B")}"
        );
        Console.Out.WriteLine(
            $"{Deck(file)}: the design rules for KLayout; run klayout -b -r {Deck(file)} -rd input={file} -rd report={file}.lyrdb"
        );
        if (drc is null)
            return ExitCode.Done;
        DrcLines.Write(drc);
        return drc.Clean ? ExitCode.Done : ExitCode.No;
    }

    // Lies beside the GDSII file.
    private static string Deck(string file) => file + ".drc";

    private static int Pictures(string folder, string album, int? bank, string? rules, bool json, CancellationToken cancel)
    {
        var plan = ChipDirectory.ReadDescription(folder).Plan();
        using var image = MaskImage.Open(folder, cancel);
        var files = new List<string>();
        using (var line = new ProgressLine())
        {
            var masks = MaskPictures.Of(
                image,
                ChipsFolder.Masks(image.Fabric, rules),
                bank is { } site ? Site(site, image.Fabric) : null,
                line.Of("Draw the masks"),
                cancel
            );
            foreach (
                var picture in (IEnumerable<Picture>)
                    [
                        FloorplanChart.Draw(FloorplanData.From($"{image.Fabric.Name}: contents of each site", plan, image.Straps)),
                        .. masks.Draw(),
                    ]
            )
                using (picture)
                    files.AddRange(picture.Save(album));
        }

        if (json)
            Json.Write(new { Folder = album, Files = files });
        else
            Console.Out.WriteLine($"{album}: {string.Join(' ', files.Select(f => Path.GetFileName(f)))}");
        return ExitCode.Done;
    }

    private static int Site(int site, FabricSpec fabric) =>
        site >= 0 && site < fabric.Sites.PerDie * fabric.Dies
            ? site
            : throw new InputException($"--bank {site}: the fabric has sites 0…{(fabric.Sites.PerDie * fabric.Dies) - 1}");

    private static MaskWindow Window(string? window, int? bank, FabricSpec fabric)
    {
        if (window is not null && bank is not null)
            throw new InputException("give --window or --bank, not both");
        if (bank is { } site)
            return MaskWindow.Of(Site(site, fabric), fabric);
        if (window is null)
            return MaskWindow.Everything;
        var parts = window.Split(',');
        var v = new int[4];
        for (var i = 0; i < 4; i++)
            if (parts.Length != 4 || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out v[i]))
                throw new InputException($"--window {window}: write four site numbers x0,y0,x1,y1");
        if (v[2] < v[0] || v[3] < v[1] || v[2] >= fabric.Sites.Columns || v[3] >= fabric.Sites.Rows)
            throw new InputException($"--window {window}: x0 ≤ x1 < {fabric.Sites.Columns} and y0 ≤ y1 < {fabric.Sites.Rows} are needed");
        return new MaskWindow
        {
            Die = 0,
            Column = v[0],
            Row = v[1],
            Columns = v[2] - v[0] + 1,
            Rows = v[3] - v[1] + 1,
        };
    }

    private static int Verilog(string folder, string target, string? tensor, int segment, bool json, CancellationToken cancel)
    {
        using var image = MaskImage.Open(folder, cancel);
        if (tensor is null)
        {
            var chip = ExportChip.Write(image, ChipDirectory.ReadDescription(folder), target, cancel);
            if (json)
                Json.Write(
                    new
                    {
                        Folder = target,
                        ExportChip.Top,
                        Files = RtlSources.Chip,
                        chip.Config,
                        Instructions = chip.Program.Instructions.Count,
                    }
                );
            else
                Console.Out.WriteLine(
                    $"{target}: {chip.Plan.Model.Name}, {chip.Plan.SitesUsed} banks, {chip.Config.Regions} vector clusters, {chip.Program.Instructions.Count} instructions a token; check it with ./taalas verify-rtl {folder}"
                );
            return ExitCode.Done;
        }

        var port = Port(image, tensor);
        if (segment < 0 || segment >= port.OutputSegments)
            throw new InputException($"--segment {segment}: port {port.Name} has segments 0…{port.OutputSegments - 1}");
        var written = ExportVerilog.Write(image, port.Name, segment, target);
        if (json)
            Json.Write(
                new
                {
                    Folder = target,
                    Tensor = port.Name,
                    Segment = segment,
                    written.Config,
                    LatencyCycles = written.Config.LatencyCycles,
                }
            );
        else
            Console.Out.WriteLine(
                $"{target}: {port.Name} segment {segment}, sums after {written.Config.LatencyCycles} cycles; check it with ./taalas verify-rtl {folder} --port {port.Name}"
            );
        return ExitCode.Done;
    }

    private static TraceWindow Cycles(string? text)
    {
        if (text is null)
            return new TraceWindow(0, long.MaxValue);
        var parts = text.Split(',');
        return
            parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            && from < to
            ? new TraceWindow(from, to)
            : throw new InputException($"--cycles {text}: write two cycles FROM,TO with FROM below TO");
    }

    private static int Trace(string folder, string file, (int Users, int Tokens, int Context) service, TraceWindow window, bool json)
    {
        var description = ChipDirectory.ReadDescription(folder);
        var plan = description.Plan();
        var schedule = BuildTokenSchedule.From(plan);
        var result = new EventEngine(
            schedule,
            Workload.Users(service.Users, new Request(0, 1, service.Tokens, service.Context - 1)),
            window
        ).Run();
        var technology = ChipsFolder.Library.Technology(description.Fabric.Technology);
        var clock = description.Fabric.ClockGhz * 1e9 / technology.Calibration.Latency;
        var power = new PassEnergy(plan, technology, schedule).Loaded(
            service.Context + (0.5 * service.Tokens),
            (double)service.Users * service.Tokens * clock / result.Cycles
        );
        var overTime = PowerOverTime.Of(result, power);
        AtomicFile.Write(file, stream => TraceWriter.Write(stream, schedule, result, clock, overTime));
        if (json)
        {
            Json.Write(
                new
                {
                    File = file,
                    result.Cycles,
                    result.Events,
                    Slices = result.Trace.Count,
                    result.TraceDropped,
                    CriticalPath = result.CriticalPath.Select(r => new
                    {
                        r.Part,
                        r.Cycles,
                        r.Share,
                        LimitedBy = r.LimitedBy.ToString(),
                    }),
                    Power = new
                    {
                        overTime.FromCycle,
                        overTime.BinCycles,
                        overTime.SteadyWatts,
                        WattsByDomain = overTime.Watts.ToDictionary(w => PathPart.Name(w.Key), w => w.Value),
                    },
                }
            );
        }
        else
        {
            Console.Out.WriteLine(
                $"{file}: {NumberText.Count(result.Cycles)} cycles in {NumberText.Count(result.Trace.Count)} slices{(result.TraceDropped > 0 ? $", {NumberText.Count(result.TraceDropped)} left out (choose --cycles)" : "")}; open it at ui.perfetto.dev"
            );
        }

        return ExitCode.Done;
    }

    private static int Timetable(string folder, string file, int users, int context, bool json)
    {
        var schedule = BuildTokenSchedule.From(ChipDirectory.ReadDescription(folder).Plan());
        var interval = schedule.Timetable.InitiationInterval(users, context);
        var rows = schedule.Timetable.Rows(interval, context);
        AtomicFile.Write(file, stream =>
        {
            using var text = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            text.WriteLine("stage,phase,unit,ready_cycle,end_cycle,waited_cycles");
            foreach (var row in rows)
            {
                var phase = schedule.Stages[row.Stage].Phases[row.Phase];
                text.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{schedule.Stages[row.Stage].Name},{phase.Name},{PathPart.Name(phase.Unit)},{row.Ready},{row.End},{row.Waited}"
                    )
                );
            }
        });
        if (json)
            Json.Write(
                new
                {
                    File = file,
                    Users = users,
                    Context = context,
                    InitiationIntervalCycles = interval,
                    RoundCycles = ClosedFormLatency.RoundCycles(schedule, users, context),
                    TokenCycles = rows[^1].End,
                    Rows = rows.Count,
                }
            );
        else
            Console.Out.WriteLine(
                $"{file}: {rows.Count} phases, a slot every {NumberText.Count(interval)} cycles, {NumberText.Count(rows[^1].End)} cycles on the chip"
            );
        return ExitCode.Done;
    }
}
