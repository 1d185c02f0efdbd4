using System.CommandLine;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Reports.Sweeps;

namespace TaalasSim.Cli.Commands;

/// <summary><c>sweep SPEC -o DIR</c>: design points over any field; resumes.</summary>
internal static class SweepCommand
{
    private const int MostFaults = 12;

    public static Command Create()
    {
        var spec = new Argument<string>("SPEC") { Description = "Sweep description, e.g. chips/sweeps/demo.yaml." };
        var output = Output();
        var draws = Draws();
        var threads = CommonOptions.Threads();
        var submit = new SweepSubmit();
        var json = CommonOptions.Json();
        var command = new Command(
            "sweep",
            "Evaluate design points (grids, drawn points, formulas, constraints, Pareto fronts) into Parquet and CSV; resumes an "
                + "interrupted sweep. Example: ./taalas sweep chips/sweeps/demo.yaml -o out/sweep"
        )
        {
            spec,
            output,
            draws,
            threads,
            json,
            SweepQueryCommand.Create(),
            SweepCollectCommand.Create(),
        };
        submit.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var (path, folder) = (parsed.GetRequiredValue(spec), parsed.GetRequiredValue(output));
                var (given, host) = (GivenDraws(parsed, draws), parsed.GetValue(threads));
                return Task.FromResult(
                    submit.Run(parsed, path, folder, given, host, parsed.GetValue(json), cancel)
                        ?? Tell(Run(path, folder, given, host, cancel), folder, parsed.GetValue(json))
                );
            }
        );
        return command;
    }

    /// <summary>Draws that were asked for; null for the standard.</summary>
    public static int? GivenDraws(ParseResult parsed, NumberOption<int> draws) =>
        parsed.GetResult(draws) is { Implicit: false } ? parsed.GetValue(draws) : null;

    /// <summary>Tells a finished sweep.</summary>
    /// <returns>Exit code.</returns>
    public static int Tell(SweepResult result, string folder, bool json)
    {
        var ok = result.Rows.Count(r => r.Status == SweepStatus.Ok);
        var faults = SweepFaults.Of(result);
        if (json)
            Json.Write(Document(result, folder, ok, faults));
        else
            Print(result, folder, ok, faults);
        return ok > 0 && !faults.Any(f => f.IsBad) ? ExitCode.Done : ExitCode.No;
    }

    private static object Document(SweepResult result, string folder, int ok, IReadOnlyList<SweepFaults> faults) =>
        new
        {
            Sweep = result.Spec.Name,
            Folder = folder,
            Points = result.Rows.Count,
            Ok = ok,
            MeetConstraints = result.Verdicts?.MeetsCount,
            OnFront = result.Spec.Objectives.Count > 0 ? result.Verdicts?.OnFrontCount : null,
            result.Resumed,
            result.Digest,
            Faults = faults.Select(f => new
            {
                Status = SweepTable.StatusName(f.Status),
                Points = f.Count,
                f.Reason,
            }),
            Statuses = result.Rows.GroupBy(r => r.Status).ToDictionary(g => g.Key.ToString(), g => g.Count()),
        };

    private static void Print(SweepResult result, string folder, int ok, IReadOnlyList<SweepFaults> faults)
    {
        Console.Out.WriteLine(
            $"{folder}: {result.Rows.Count} points, {ok} with figures, {result.Resumed} reused from an earlier run; "
                + "sweep.csv and sweep.parquet hold the table"
        );
        if (result.Verdicts is { } verdicts)
            Console.Out.WriteLine($"  {VerdictText(result.Spec, verdicts)}");
        SweepShown.Write(result, Console.Out);
        foreach (var line in Found(result))
            Console.Out.WriteLine($"  {line}");
        foreach (var fault in faults.Take(MostFaults))
            Console.Out.WriteLine($"  {fault.Text}");
        if (faults.Count > MostFaults)
            Console.Out.WriteLine($"  and {faults.Count - MostFaults} more kinds of faults; column 'reason' of sweep.csv has all");
    }

    private static string VerdictText(SweepSpec spec, SweepVerdicts verdicts) =>
        string.Join(
            ", ",
            new[]
            {
                spec.Constraints.Count > 0
                    ? $"{NumberText.Counted(verdicts.MeetsCount, "point")} meet{(verdicts.MeetsCount == 1 ? "s" : "")} the constraints"
                    : "",
                spec.Objectives.Count > 0
                    ? $"{NumberText.Counted(verdicts.OnFrontCount, "point")} on the Pareto front (column 'on_front')"
                    : "",
            }.Where(t => t.Length > 0)
        );

    // What a mode that looks for something found, for the figures of the objectives; for power where there are none.
    private static IEnumerable<string> Found(SweepResult result)
    {
        var figures = result.Spec.Objectives.Count > 0 ? result.Spec.Objectives.Select(o => o.Formula).ToArray() : ["watts"];
        if (result.Spec.Mode == SweepMode.Sensitivity)
            foreach (var s in SweepSensitivity.Of(result).Where(s => figures.Contains(s.Figure, StringComparer.Ordinal)))
                yield return $"{s.Figure}: {s.Field} makes {NumberText.Range(s.Index.First)} of the variance alone, "
                    + $"{NumberText.Range(s.Index.Total)} with others ({SweepStudy.SensitivityName})";
        if (result.Spec.Mode == SweepMode.Tornado)
            foreach (var t in SweepTornado.Of(result).Where(t => figures.Contains(t.Figure, StringComparer.Ordinal)))
                yield return $"{t.Figure}: {Text(t.First.Figure)} at {t.Field} {t.First.Value}, {Text(t.Described)} as described, "
                    + $"{Text(t.Last.Figure)} at {t.Last.Value} ({SweepStudy.TornadoName})";

        static string Text(double? figure) => figure is { } value ? NumberText.Significant(value) : "none";
    }

    /// <summary>Folder of the sweep.</summary>
    public static OutputOption<string> Output() =>
        new("-o", "--output")
        {
            Description = "Folder of journal, sweep.parquet and sweep.csv; an interrupted sweep there is resumed.",
            Required = true,
            HelpName = "DIR",
        };

    /// <summary>Draws of each point.</summary>
    public static NumberOption<int> Draws() =>
        new(
            Ranges.SweepDraws,
            DefaultDraws.Few,
            "Monte Carlo draws behind each interval (20 or more); 0 for best estimates alone, the standard above "
                + $"{DefaultDraws.ManyPoints} points.",
            "--draws"
        );

    /// <summary>Runs a sweep with progress on the terminal.</summary>
    /// <param name="path">Sweep description.</param>
    /// <param name="folder">Folder of journal and tables.</param>
    /// <param name="draws">Draws for each point; null for the standard of its number of points.</param>
    /// <param name="threads">Threads; 0 for one per core.</param>
    /// <param name="cancel">Stops the sweep.</param>
    public static SweepResult Run(string path, string folder, int? draws, int threads, CancellationToken cancel)
    {
        using var job = new SweepJob(path, draws, threads);
        var spec = job.Spec;
        using var line = new ProgressLine();
        var progress = new SweepProgress(line, spec.Name, SweepGrid.Count(spec));
        var result = SweepRunner.Run(spec, folder, job.Evaluate, job.Options, progress, cancel);
        if (draws is null && DefaultDraws.For(result.Rows.Count) == 0 && result.Verdicts?.OnFrontCount > 0)
        {
            line.Show("Intervals of the front");
            using var drawn = new EvaluateDesign(ChipsFolder.Library, spec, path, DefaultDraws.Few);
            SweepFront.Write(result, folder, drawn.Evaluate, job.Options.Threads, cancel);
        }

        return result;
    }

    private sealed class SweepProgress(ProgressLine line, string name, int points) : IProgress<double>
    {
        private readonly Lock _lock = new();
        private readonly Pace _pace = new(points, "points", TimeProvider.System);

        public void Report(double value)
        {
            lock (_lock)
                line.Show($"Sweep {name}{_pace.Text(value)}", value);
        }
    }
}
