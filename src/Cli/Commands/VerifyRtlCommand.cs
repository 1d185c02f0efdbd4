using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Rtl;
using TaalasSim.Compiler.Steps;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Reports.Charts;
using TaalasSim.Runtime.Engine;
using TaalasSim.Runtime.Rtl;

namespace TaalasSim.Cli.Commands;

/// <summary><c>verify-rtl [CHIP]</c>: the Verilog of a whole chip, or of one port's banks, built and run with Verilator, against the
/// hardware numerics and the event engine.</summary>
internal sealed class VerifyRtlCommand
{
    private const string DefaultPrompt = "Once upon a time";

    private readonly Argument<string[]> _chip = new("CHIP")
    {
        Description = "Folders of chip images; without one the embedded model is compiled.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly NumberOption<int> _tokens = new(Ranges.RtlTokens, 16, "Answer tokens that the chip generates.", "--tokens", "-n");
    private readonly Option<string?> _prompt = new("--prompt", "-p")
    {
        Description = $"Prompt of the chip; default: \"{DefaultPrompt}\".",
        HelpName = "TEXT",
    };
    private readonly Option<string?> _keep = new OutputOption<string?>("--keep")
    {
        Description = "Keep Verilog, log and pictures in this folder.",
        HelpName = "DIR",
    };
    private readonly Option<string?> _wave = new OutputOption<string?>("--wave")
    {
        Description =
            "Write a waveform (VCD, for GTKWave or Surfer) of one chip's run: the chip, its units and their parts, and only the ports "
            + "of sites and KV memories. Example: ./taalas verify-rtl stories.chip --wave chip.vcd --wave-window 4000..6000",
        HelpName = "FILE",
    };
    private readonly Option<string?> _window = new("--wave-window")
    {
        Description = $"Cycles of the waveform, about 1 to 2 KB each; default: 0..{Waveform.StandardCycles}.",
        HelpName = "FROM..TO",
    };
    private readonly Option<string?> _port = new("--port")
    {
        Description = "Check only the banks and the tree of one matrix port.",
        HelpName = "TENSOR",
    };
    private readonly NumberOption<int> _segment = CommonOptions.Segment();
    private readonly NumberOption<int> _vectors = new(Ranges.Vectors, 3, "Activation vectors of the port's check.", "--vectors");
    private readonly NumberOption<int> _random = new(
        Ranges.Configurations,
        0,
        "Number of random bank configurations to check in addition to a port.",
        "--random"
    );
    private readonly NumberOption<int> _seed = new(Ranges.TestSeed, 1, "Seed of activations and configurations.", "--seed");
    private readonly Option<string?> _synth = new("--synth")
    {
        Description = "Check a port, map its bank with yosys on this Liberty file and print cells, area and longest path.",
        HelpName = "LIBERTY",
    };
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var self = new VerifyRtlCommand();
        var command = new Command(
            "verify-rtl",
            "Run a chip's Verilog in Verilator: every bank's sums, every result, the tokens and the cycles against the simulator. "
                + "Example: ./taalas verify-rtl stories.chip --tokens 16"
        )
        {
            self._chip,
            self._tokens,
            self._prompt,
            self._keep,
            self._wave,
            self._window,
            self._port,
            self._segment,
            self._vectors,
            self._random,
            self._seed,
            self._synth,
            self._json,
        };
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var single = parsed.GetValue(_port) is not null || parsed.GetValue(_random) > 0 || parsed.GetValue(_synth) is not null;
        using var waveform = WaveformOf(parsed.GetValue(_wave), parsed.GetValue(_window), parsed.GetValue(_chip)!.Length, single);
        using var work = WorkFolder.Create();
        var (scratch, kept) = (work.Path, parsed.GetValue(_keep));
        if (kept is not null)
            OutputTarget.OfFolder(kept);
        var makesKept = kept is not null && !Directory.Exists(kept);
        if (makesKept)
            Unfinished.Note(Path.GetFullPath(kept!));
        try
        {
            var folders = parsed.GetValue(_chip) is { Length: > 0 } given ? given : [Demo(scratch, cancel)];
            return single
                ? await PortAsync(parsed, folders[0], cancel).ConfigureAwait(false)
                : await ChipsAsync(parsed, folders, waveform, scratch, cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (makesKept && Directory.Exists(kept))
        {
            Directory.Delete(kept!, recursive: true);
            throw;
        }
        finally
        {
            if (kept is not null)
                Unfinished.Forget(Path.GetFullPath(kept));
        }
    }

    private static Waveform? WaveformOf(string? file, string? window, int chips, bool ofPort)
    {
        if (file is null)
            return window is null ? null : throw new InputException("--wave-window: needs --wave FILE");
        if (chips > 1)
            throw new InputException($"--wave: a waveform is of one chip, not of {chips}; run them one after the other");
        return ofPort
            ? throw new InputException("--wave: needs a complete chip; leave out --port, --random and --synth")
            : Waveform.Create(file, window);
    }

    private static string Demo(string scratch, CancellationToken cancel)
    {
        var folder = Path.Combine(scratch, "demo.chip");
        var fabric = ChipsFolder.Fabric("demo");
        using var line = new ProgressLine();
        line.Show("Compile the embedded model");
        CompileModel.ToImage(
            Path.Combine(ChipsFolder.Path, "demo", "stories.gguf"),
            folder,
            new CompileOptions
            {
                Fabric = fabric,
                Weights = fabric.DefaultWeights,
                Compiler = Product.Name,
            },
            cancel: cancel
        );
        return folder;
    }

    private async Task<int> ChipsAsync(
        ParseResult parsed,
        IReadOnlyList<string> chips,
        Waveform? waveform,
        string scratch,
        CancellationToken cancel
    )
    {
        var (prompt, keep, json) = (parsed.GetValue(_prompt) ?? DefaultPrompt, parsed.GetValue(_keep), parsed.GetValue(_json));
        if (keep is not null && chips.GroupBy(NameOf, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } same)
            throw new InputException(
                $"--keep: {string.Join(" and ", same)} would share the folder {same.Key}; check them one after the other"
            );
        var runs = new List<(string Name, ChipCheckResult Result)>();
        var reports = new List<object>();
        for (var i = 0; i < chips.Count; i++)
        {
            var description = ChipDirectory.ReadDescription(chips[i]);
            var tokenizer = TextTokenizer.Create(
                TokenizerDataFile.Read(File.ReadAllBytes(Path.Combine(chips[i], description.Files.Tokenizer.Name)))
            );
            var ids = tokenizer.Encode(prompt, addSpecial: true, parseSpecial: true);
            // One chip uses the folder itself, several use subfolders.
            var folder = Path.GetFullPath(
                keep is null ? Path.Combine(scratch, $"verilog{i}")
                : chips.Count == 1 ? keep
                : Path.Combine(keep, NameOf(chips[i]))
            );
            var result = await CheckAsync(chips[i], folder, ids, parsed.GetValue(_tokens), waveform, cancel).ConfigureAwait(false);
            var name = $"{description.Model.Name} on {description.Fabric.Name}";
            runs.Add((name, result));
            var text = tokenizer.Decode([.. result.Tokens]);
            if (json)
                reports.Add(Report(description, text, result));
            else
                Print(name, prompt, text, result);
            if (!json && i < chips.Count - 1)
                Console.Out.WriteLine();
            if (keep is not null)
                Save(RtlTimelineChart.Draw(result.Timeline), folder);
        }

        if (keep is not null)
            Save(RtlCyclesChart.Draw(runs), keep);
        if (json)
            Json.Write(reports.Count == 1 ? reports[0] : new { Agrees = runs.All(r => r.Result.Agrees), Chips = reports });
        return runs.All(r => r.Result.Agrees) ? ExitCode.Done : ExitCode.No;
    }

    private static string NameOf(string chip) => Path.GetFileName(Path.TrimEndingDirectorySeparator(chip));

    private static void Save(Picture picture, string folder)
    {
        using (picture)
            picture.Save(folder);
    }

    private static async Task<ChipCheckResult> CheckAsync(
        string chip,
        string folder,
        int[] prompt,
        int tokens,
        Waveform? waveform,
        CancellationToken cancel
    )
    {
        using var line = new ProgressLine();
        using var simulation = await ChipSimulation
            .BuildAsync(chip, folder, new StepProgress(line), traced: waveform is not null, cancel: cancel)
            .ConfigureAwait(false);
        return await simulation.RunAsync(prompt, tokens, new StepProgress(line), waveform, cancel).ConfigureAwait(false);
    }

    private static object Report(ChipDescription description, string text, ChipCheckResult result) =>
        new
        {
            result.Agrees,
            Model = description.Model.Name,
            Fabric = description.Fabric.Name,
            result.Tokens,
            result.Expected,
            Text = text,
            result.Passes,
            result.BankResults,
            result.Sums,
            result.Values,
            LargestCycleDifference = result.LargestDifference,
            result.TokenCycles,
            Phases = result.Phases.Select(p => new
            {
                p.Phase,
                Unit = PathPart.Name(p.Unit),
                p.Events,
                EngineCycles = p.Engine,
                RtlCycles = p.Rtl,
                p.Reason,
            }),
            result.FirstToken,
            result.Faults,
            BuildS = result.BuildSeconds,
            RunS = result.RunSeconds,
            result.Waveform,
        };

    private static void Print(string name, string prompt, string text, ChipCheckResult result)
    {
        var o = Console.Out;
        o.WriteLine(
            $"{name}: {result.Passes} passes through the Verilog chip, built in "
                + $"{result.BuildSeconds.ToString("0", CultureInfo.InvariantCulture)} s, run in "
                + $"{result.RunSeconds.ToString("0", CultureInfo.InvariantCulture)} s"
        );
        o.WriteLine($"  says     {prompt}{text}");
        foreach (var fault in result.Faults)
            o.WriteLine($"  fault    {fault}");
        if (result.Faults.Count == 0)
        {
            o.WriteLine(
                $"  banks    {NumberText.Count(result.Sums)} column sums of {NumberText.Count(result.BankResults)} results agree bit "
                    + "for bit"
            );
            o.WriteLine(
                $"  units    {NumberText.Count(result.Values)} results after network, lanes, attention and KV memory agree bit for bit"
            );
            o.WriteLine($"  tokens   the {result.Tokens.Count} of the hardware numerics");
        }

        o.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  cycles   {result.TokenCycles.Sum(t => t.Rtl)} for {result.TokenCycles.Count} answer tokens, event engine "
                    + $"{result.TokenCycles.Sum(t => t.Engine)}; a token differs by at most {result.LargestDifference * 100:0.00} %"
            )
        );
        if (result.Waveform is { } wave)
        {
            o.WriteLine($"  wave     {wave.File}: {NumberText.Si(wave.Bytes, "B")}, cycles {wave.From}..{wave.To}");
            o.WriteLine(
                "           the positions begin in cycles "
                    + $"{string.Join(", ", wave.PassStarts.Take(10))}{(wave.PassStarts.Count > 10 ? $", …, {wave.PassStarts[^1]}" : "")}"
            );
        }

        o.WriteLine();
        PrintPhases(result);
    }

    private static void PrintPhases(ChipCheckResult result)
    {
        static string Whole(long n) => n.ToString(CultureInfo.InvariantCulture);
        var table = new TextTable()
            .Words("phase")
            .Words("unit")
            .Numbers("events")
            .Numbers("engine")
            .Numbers("rtl")
            .Numbers("diff")
            .Words("");
        foreach (var p in result.Phases)
            table.Row(p.Phase, PathPart.Name(p.Unit), Whole(p.Events), Whole(p.Engine), Whole(p.Rtl), Whole(p.Rtl - p.Engine), p.Reason);
        table.Row(
            "all",
            "",
            Whole(result.Phases.Sum(p => p.Events)),
            Whole(result.Phases.Sum(p => p.Engine)),
            Whole(result.Phases.Sum(p => p.Rtl)),
            Whole(result.Phases.Sum(p => p.Rtl - p.Engine)),
            ""
        );
        table.Write(Console.Out);
    }

    private async Task<int> PortAsync(ParseResult parsed, string folder, CancellationToken cancel)
    {
        using var image = MaskImage.Open(folder, cancel);
        var plan = ExportCommand.Port(image, parsed.GetValue(_port));
        var (segment, seed) = (parsed.GetValue(_segment), parsed.GetValue(_seed));
        if (segment >= plan.OutputSegments)
            throw new InputException($"--segment {segment}: port {plan.Name} has segments 0…{plan.OutputSegments - 1}");
        var own = RtlCase.FromChip(image, plan.Name, segment, seed, parsed.GetValue(_vectors));
        List<RtlCase> cases = [own, .. RtlCheck.RandomConfigs(parsed.GetValue(_random), seed).Select((c, i) => RtlCase.Random(c, i + 1))];
        RtlCheckResult result;
        SynthesisReport? synthesis = null;
        using (var line = new ProgressLine())
        {
            line.Show("Build with Verilator and run");
            result = await RtlCheck.RunAsync(cases, parsed.GetValue(_keep), cancel: cancel).ConfigureAwait(false);
            if (parsed.GetValue(_synth) is { } liberty)
            {
                line.Show("Map with yosys");
                synthesis = await SynthesizeBank.RunAsync(own.Config, liberty, cancel).ConfigureAwait(false);
            }
        }

        if (parsed.GetValue(_json))
        {
            PrintJson(plan.Name, own.Config, result, synthesis);
        }
        else
        {
            Print(plan.Name, own.Config, result);
            if (synthesis is not null)
                Print(synthesis, image.Fabric.ClockGhz);
        }

        return Agrees(result) ? ExitCode.Done : ExitCode.No;
    }

    private static bool Agrees(RtlCheckResult result) => result.Faults.Count == 0;

    private static void PrintJson(string tensor, RtlConfig config, RtlCheckResult result, SynthesisReport? synthesis) =>
        Json.Write(
            new
            {
                Agrees = Agrees(result),
                Tensor = tensor,
                result.Cases,
                result.Vectors,
                result.Sums,
                result.Saturated,
                LatencyCycles = config.LatencyCycles,
                result.Faults,
                Synthesis = synthesis,
            }
        );

    private static void Print(string tensor, RtlConfig config, RtlCheckResult result)
    {
        Console.Out.WriteLine(
            Agrees(result)
                ? $"{tensor}: {NumberText.Count(result.Sums)} sums of {result.Vectors} vectors in "
                    + $"{NumberText.Counted(result.Cases, "configuration")} "
                    + $"agree bit for bit, each at the cycle expected ({config.LatencyCycles} for the port)"
                : $"{tensor}: {result.Faults.Count} disagreements"
        );
        foreach (var fault in result.Faults.Take(10))
            Console.Out.WriteLine($"  {fault}");
    }

    private static void Print(SynthesisReport synthesis, double ghz)
    {
        Console.Out.WriteLine(
            $"  synthesised bank without ROM and register file: {NumberText.Count(synthesis.Cells)} cells, "
                + $"{NumberText.Significant(synthesis.AreaUm2)} µm²"
                + $" (a column {NumberText.Significant(synthesis.ColumnAreaUm2)}, a scale unit "
                + $"{NumberText.Significant(synthesis.ScaleUnitAreaUm2)}, products "
                + $"{NumberText.Significant(synthesis.ProductsAreaUm2)})"
        );
        Console.Out.WriteLine(
            $"  longest path: {synthesis.LongestPathGates} gates, in {synthesis.LongestPathModule}; the clock of "
                + $"{NumberText.Significant(ghz)} GHz leaves {NumberText.Significant(1000 / ghz / synthesis.LongestPathGates)} ps a "
                + "gate"
        );
    }

    private sealed class StepProgress(ProgressLine line) : IProgress<string>
    {
        public void Report(string value) => line.Show(value);
    }
}
