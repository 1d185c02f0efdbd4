using System.CommandLine;
using System.Globalization;
using System.Text;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;
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
using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Cli.Commands;

/// <summary><c>export CHIP --gds|--pictures|--verilog|--trace</c>: mask layers for a fab tool and for people, Verilog of a port's banks, a
/// trace of the engine.</summary>
internal sealed class ExportCommand
{
    private readonly Argument<string> _chip = new("CHIP") { Description = "Folder of a chip image." };
    private readonly Option<string?> _gds = new OutputOption<string?>("--gds")
    {
        Description = "Write the two layers as GDSII, with KLayout design rules next to it as FILE.drc.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _window = new("--window")
    {
        Description = "Only the sites x0,y0 to x1,y1 of die 0.",
        HelpName = "x0,y0,x1,y1",
    };
    private readonly Option<string?> _cycles = new("--cycles")
    {
        Description = "Only cycles FROM up to TO in the trace.",
        HelpName = "FROM,TO",
    };
    private readonly Option<string?> _timetable = new OutputOption<string?>("--timetable")
    {
        Description = "Write the modulo schedule as CSV: the cycles of each phase when slots enter at the initiation interval of --users.",
        HelpName = "FILE",
    };
    private readonly NumberOption<int> _position = new(
        Ranges.Length,
        1,
        "Attended positions in the schedule, and at the start of the trace.",
        "--position"
    );
    private readonly OptionalNumberOption<int> _bank = new(Ranges.Index, "Only the bank on this site.", "--bank");
    private readonly Option<string?> _rules = new("--rules")
    {
        Description = "Mask rules: a name of chips/masks or a YAML file; default: those of the fabric's process.",
        HelpName = "NAME|FILE",
    };
    private readonly Option<bool> _check = new("--check")
    {
        Description = "Run the design-rule check on the written GDSII; exit 1 on a violation.",
    };
    private readonly Option<string?> _pictures = new OutputOption<string?>("--pictures")
    {
        Description =
            "Draw floorplan, via density, and a bank with its vias and straps (of --bank, or else the first of the first layer) as "
            + "PNG and SVG.",
        HelpName = "DIR",
    };
    private readonly Option<string?> _verilog = new OutputOption<string?>("--verilog")
    {
        Description =
            "Write the complete chip in Verilog-2005 with its ROM contents, ready for Verilator; with --port only a matrix port's "
            + "banks and reduction tree.",
        HelpName = "DIR",
    };
    private readonly Option<string?> _port = new("--port")
    {
        Description = "Matrix port to write, e.g. blk.0.attn_q.weight; default: the complete chip.",
        HelpName = "TENSOR",
    };
    private readonly Option<string?> _runtimeImage = new OutputOption<string?>("--runtime-image")
    {
        Description = "Write the runtime image that a driver sends to the card.",
        HelpName = "FILE",
    };
    private readonly NumberOption<int> _segment = CommonOptions.Segment();
    private readonly Option<string?> _trace = new OutputOption<string?>("--trace")
    {
        Description = "Write a Perfetto trace (JSON) of the event engine; open it at ui.perfetto.dev.",
        HelpName = "FILE",
    };
    private readonly NumberOption<int> _users = new(Ranges.Users, 1, "Users at once in the schedule and the trace.", "--users");
    private readonly NumberOption<int> _tokens = new(Ranges.TraceTokens, 4, "Answer tokens of each user in the trace.", "--tokens");
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var self = new ExportCommand();
        var command = new Command(
            "export",
            "Write a chip's masks as GDSII or as pictures, a port as Verilog, a trace of its engine, or its runtime image. "
                + "Example: ./taalas export stories.chip --gds stories.gds --bank 0 --check"
        )
        {
            self._chip,
            self._gds,
            self._window,
            self._bank,
            self._rules,
            self._check,
            self._pictures,
            self._verilog,
            self._port,
            self._segment,
            self._trace,
            self._cycles,
            self._timetable,
            self._runtimeImage,
            self._users,
            self._tokens,
            self._position,
            self._json,
        };
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        Option<string?>[] outputs = [_gds, _pictures, _verilog, _trace, _timetable, _runtimeImage];
        string[] given = [.. outputs.Where(option => parsed.GetValue(option) is not null).Select(option => option.Name)];
        if (given.Length > 1)
            throw new InputException($"export: {string.Join(" and ", given)}: one output at a time; give the command once for each");
        if (given.Length == 0)
            throw new InputException(
                "export: nothing to write; give one of --gds FILE, --pictures DIR, --verilog DIR, --trace FILE, --timetable FILE, "
                    + "--runtime-image FILE"
            );
        var folder = parsed.GetRequiredValue(_chip);
        if (parsed.GetValue(_gds) is { } file)
            return Gds(parsed, folder, file, cancel);
        var json = parsed.GetValue(_json);
        if (parsed.GetValue(_runtimeImage) is { } runtime)
            return RuntimeImage(folder, runtime, json);
        if (parsed.GetValue(_pictures) is { } album)
            return Pictures(folder, album, parsed.GetValue(_bank), parsed.GetValue(_rules), json, cancel);
        if (parsed.GetValue(_verilog) is { } target)
            return parsed.GetValue(_port) is { } port
                ? PortVerilog(folder, target, port, parsed.GetValue(_segment), json, cancel)
                : ChipVerilog(folder, target, json, cancel);
        var service = (Users: parsed.GetValue(_users), Tokens: parsed.GetValue(_tokens), Context: parsed.GetValue(_position));
        return parsed.GetValue(_timetable) is { } table
            ? Timetable(folder, table, service.Users, service.Context, json)
            : Trace(folder, parsed.GetValue(_trace)!, service, Cycles(parsed.GetValue(_cycles)), json);
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

    private int Gds(ParseResult parsed, string folder, string file, CancellationToken cancel)
    {
        using var image = MaskImage.Open(folder, cancel);
        var geometry = ChipsFolder.Masks(image.Fabric, parsed.GetValue(_rules));
        var window = Window(parsed.GetValue(_window), parsed.GetValue(_bank), image.Fabric);
        GdsSummary summary;
        using (var line = new ProgressLine())
        using (var set = new OutputSet())
        {
            summary = ExportGds.Into(set, file, image, geometry, window, line.Of("Write GDSII"), cancel);
            set.Add(Deck(file), stream => stream.Write(Encoding.UTF8.GetBytes(KLayoutDeck.Text(geometry, Path.GetFileName(file)))));
            set.Commit();
        }

        var drc = parsed.GetValue(_check) ? CheckRules(file, geometry, cancel) : null;
        if (parsed.GetValue(_json))
            PrintJson(file, summary, drc);
        else
            Print(file, summary, drc);
        return drc is { Clean: false } ? ExitCode.No : ExitCode.Done;
    }

    private static DrcReport CheckRules(string file, MaskGeometry geometry, CancellationToken cancel)
    {
        using var line = new ProgressLine();
        line.Show("Check design rules");
        using var stream = File.OpenRead(file);
        return CheckMask.Run(stream, geometry, file, cancel);
    }

    private static void PrintJson(string file, GdsSummary summary, DrcReport? drc) =>
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

    private static void Print(string file, GdsSummary summary, DrcReport? drc)
    {
        Console.Out.WriteLine(
            $"{file}: {NumberText.Count(summary.Banks)} banks, {NumberText.Count(summary.Vias)} vias, "
                + $"{NumberText.Count(summary.Straps)} straps, {NumberText.Si(summary.Bytes, "B")}"
        );
        Console.Out.WriteLine(
            $"{Deck(file)}: the design rules for KLayout; run klayout -b -r {ShellText.Word(Deck(file))} -rd "
                + $"{ShellText.Word($"input={file}")} -rd {ShellText.Word($"report={file}.lyrdb")}"
        );
        if (drc is not null)
            DrcLines.Write(drc);
    }

    // Lies beside the GDSII file.
    private static string Deck(string file) => file + ".drc";

    private static int Pictures(string folder, string album, int? bank, string? rules, bool json, CancellationToken cancel)
    {
        var plan = ChipDirectory.ReadDescription(folder).Plan();
        using var image = MaskImage.Open(folder, cancel);
        var files = new List<string>();
        using (var line = new ProgressLine())
            OutputFolder.Fill(album, inside => files.AddRange(Draw(inside, line)));
        if (json)
            Json.Write(new { Folder = album, Files = files.Select(f => Path.Combine(album, f)) });
        else
            Console.Out.WriteLine($"{album}: {string.Join(' ', files)}");
        return ExitCode.Done;

        List<string> Draw(string inside, ProgressLine line)
        {
            var drawn = new List<string>();
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
                    drawn.AddRange(picture.Save(inside).Select(f => Path.GetFileName(f)));
            return drawn;
        }
    }

    private static int Site(int site, FabricSpec fabric) =>
        site < fabric.Sites.PerDie * fabric.Dies
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

    private static int ChipVerilog(string folder, string target, bool json, CancellationToken cancel)
    {
        using var image = MaskImage.Open(folder, cancel);
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
                $"{target}: {chip.Plan.Model.Name}, {chip.Plan.SitesUsed} banks, {chip.Config.Regions} vector clusters, "
                    + $"{chip.Program.Instructions.Count} instructions a token; check it with ./taalas verify-rtl "
                    + $"{ShellText.Word(folder)}"
            );
        return ExitCode.Done;
    }

    private static int PortVerilog(string folder, string target, string tensor, int segment, bool json, CancellationToken cancel)
    {
        using var image = MaskImage.Open(folder, cancel);
        var port = Port(image, tensor);
        if (segment >= port.OutputSegments)
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
                $"{target}: {port.Name} segment {segment}, sums after {written.Config.LatencyCycles} cycles; check it with ./taalas "
                    + $"verify-rtl {ShellText.Word(folder)} --port {ShellText.Word(port.Name)}"
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
        EngineScope.Check(plan, service.Users, service.Context + service.Tokens, "--trace");
        var schedule = BuildTokenSchedule.From(plan);
        var result = new EventEngine(
            schedule,
            Workload.Users(service.Users, new Request(0, 1, service.Tokens, service.Context - 1)),
            window
        ).Run();
        var technology = ChipsFolder.Library.Technology(description.Fabric.Technology);
        var clock = description.Fabric.Clock.Value;
        var power = new PassEnergy(plan, technology, schedule).Loaded(
            service.Context + (0.5 * service.Tokens),
            service.Users * service.Tokens * clock / (result.Cycles * technology.Calibration.Latency)
        );
        var overTime = PowerOverTime.Of(result, power);
        AtomicFile.Write(file, stream => TraceWriter.Write(stream, schedule, result, clock, overTime));
        if (json)
            PrintJson(file, result, overTime);
        else
        {
            var left = result.TraceDropped > 0 ? $", {NumberText.Count(result.TraceDropped)} left out (choose --cycles)" : "";
            Console.Out.WriteLine(
                $"{file}: {NumberText.Count(result.Cycles)} cycles in {NumberText.Count(result.Trace.Count)} slices{left}; "
                    + "open it at ui.perfetto.dev"
            );
        }
        return ExitCode.Done;
    }

    private static void PrintJson(string file, EngineResult result, PowerOverTime overTime)
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

    private static int RuntimeImage(string folder, string file, bool json)
    {
        var image = RuntimeImageFile.Of(folder);
        AtomicFile.Write(file, stream => stream.Write(image));
        if (json)
            Json.Write(new { File = file, Bytes = image.Length });
        else
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {image.Length} bytes"));
        return ExitCode.Done;
    }

    private static int Timetable(string folder, string file, int users, int context, bool json)
    {
        var plan = ChipDirectory.ReadDescription(folder).Plan();
        EngineScope.Check(plan, users, context, "--timetable");
        var schedule = BuildTokenSchedule.From(plan);
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
                        $"{CsvText.Cell(schedule.Stages[row.Stage].Name)},{CsvText.Cell(phase.Name)},{PathPart.Name(phase.Unit)},"
                            + $"{row.Ready},{row.End},{row.Waited}"
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
                $"{file}: {rows.Count} phases, a slot every {NumberText.Count(interval)} cycles, {NumberText.Count(rows[^1].End)} "
                    + "cycles on the chip"
            );
        return ExitCode.Done;
    }
}
