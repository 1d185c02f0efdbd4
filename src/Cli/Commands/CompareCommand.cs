using System.CommandLine;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Cli.Commands;

/// <summary><c>compare CHIP|MODEL</c>: the chip beside reference GPUs, one user and full batch side by side.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var design = new DesignOptions();
        var request = new RequestOptions();
        var against = CommonOptions.Against();
        var users = Users();
        var gpuCards = CommonOptions.GpuCards();
        var utilisation = CommonOptions.Utilisation();
        var explain = CommonOptions.Explain();
        var detail = Detail();
        var json = CommonOptions.Json();
        var command = new Command(
            "compare",
            "Compare a chip with GPUs: tokens/s, watts, joules and dollars per token, each with its interval. Example: ./taalas "
                + "compare llama-3.1-8b --against h200 --input 1000 --output-tokens 1000"
        )
        {
            against,
            gpuCards,
            users,
            utilisation,
            explain,
            detail,
            json,
        };
        design.AddTo(command);
        request.AddTo(command);
        command.SetAction(parsed =>
        {
            var plan = design.Plan(parsed);
            var (input, output) = request.Of(parsed, plan);
            if (parsed.GetValue(explain) is { } field)
            {
                var terms = PriceTerms.ForComparison(ChipsFolder.Library, parsed.GetValue(utilisation));
                var atOnce = Math.Max(1, parsed.GetValue(users));
                var explanation = BuildExplanation.Of(ChipsFolder.Library, plan, terms, field, input, output, atOnce);
                ExplanationOutput.Write(explanation, parsed.GetValue(json));
                return ExitCode.Done;
            }

            var gpus = CommonOptions.Gpus(parsed.GetValue(against)!, parsed.GetValue(gpuCards));
            var (atMost, share) = (parsed.GetValue(users), parsed.GetValue(utilisation));
            var report = BuildComparison.From(ChipsFolder.Library, plan, gpus, input, output, atMost, share);
            var steps = parsed.GetValue(detail)
                ? gpus.Select(g => GpuViews.Of(ChipsFolder.Library.Gpus, plan.Model, g, input, output, atMost)).ToList()
                : null;
            if (parsed.GetValue(json))
                Json.Write(steps is null ? Document(report) : GpuDetail.Document(Document(report), steps));
            else
                Print(report);
            if (steps is not null && !parsed.GetValue(json))
                GpuDetail.Write(steps, Console.Out);
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<bool> Detail() =>
        new("--gpu-detail") { Description = "Print the kernels of a step of each GPU: name, shape, count, time and what bounds it." };

    private static NumberOption<int> Users() =>
        new(Ranges.UsersOrAll, 0, "Users at once at full batch (0: as many as each system holds).", "--users");

    /// <summary>The comparison for people.</summary>
    public static void Print(ComparisonReport report)
    {
        var o = Console.Out;
        o.WriteLine(
            $"{report.Model}, {NumberText.Count(report.InputTokens)} prompt and {NumberText.Count(report.OutputTokens)} answer tokens "
                + "per request; "
                + $"chip and GPUs under load {NumberText.Significant(100 * report.Utilisation)} % of the time"
        );
        o.WriteLine($"{report.Chip.Name}: {report.Speed.Text()}");
        o.WriteLine($"  clock: {report.Speed.ClockSource}");
        if (report.Forecasts is { } forecasts)
            ForecastComparisonOutput.Write(o, forecasts);
        foreach (var table in RatioTable.Of(report))
        {
            o.WriteLine($"\n{table.Title}");
            Ratios(table).Write(o);
            o.WriteLine($"  {RatioTable.Legend}");
        }

        foreach (var view in Enum.GetValues<ServiceView>())
        {
            o.WriteLine($"\n90 % intervals, {(view == ServiceView.OneUser ? "one user" : "full batch")}");
            Intervals(report, view).Write(o);
        }

        if (report.Chip.OneUser is { Calibrated.Count: > 0 } || report.Chip.FullBatch is { Calibrated.Count: > 0 })
            o.WriteLine("  * calibrated: the model was fitted on this very figure; the others are predictions");
        else
            o.WriteLine("  every figure is a prediction");
        o.WriteLine();
        foreach (var sentence in Verdict.Sentences(report))
            o.WriteLine(sentence);
        foreach (var assumption in report.Assumptions)
            o.WriteLine(assumption);
        foreach (var system in report.Systems().Where(s => s.Unavailable.Length > 0))
            o.WriteLine($"{system.Name}: {system.Unavailable}");
        if (report.Blocks is { } blocks)
            BlockDecodingOutput.Write(Console.Out, blocks);
        if (report.Decoding is { } decoding)
            o.WriteLine(
                $"Do not multiply a ratio with the speed-up of {decoding.Claim.Name} or another decoding method: "
                    + $"{Verdict.MultipliedSpeedUps}"
            );
    }

    private static TextTable Ratios(RatioTable table)
    {
        var text = new TextTable().Words("");
        foreach (var group in new[] { "one user", "full batch" })
            text.Numbers("chip", group).Numbers("GPU", group).Numbers("ratio", group);
        var views = Enum.GetValues<ServiceView>();
        text.Row(["users", .. views.SelectMany(v => new[] { RatioTable.Users(table.Chip, v), RatioTable.Users(table.Gpu, v), "" })]);
        foreach (var row in table.Rows)
        {
            var (scale, label) = RatioTable.Label(row);
            IEnumerable<string> Cells(RatioCell? cell) =>
                cell is null
                    ? ["–", "–", ""]
                    :
                    [
                        NumberText.Significant(cell.Chip.Value / scale),
                        NumberText.Significant(cell.Gpu.Value / scale),
                        RatioTable.Ratio(cell),
                    ];
            text.Row([label, .. views.SelectMany(v => Cells(row.At(v)))]);
        }

        return text;
    }

    private static TextTable Intervals(ComparisonReport report, ServiceView view)
    {
        var systems = report.Systems().Where(s => s.At(view) is not null).ToList();
        var text = new TextTable().Words("");
        foreach (var system in systems)
            text.Numbers(system.Name);
        foreach (var figure in ServicePoint.Compared)
        {
            var points = systems.Select(s => s.At(view)!).ToList();
            var ranges = points.Select(p => p[figure]).ToList();
            var (scale, unit) = MeasureText.Scale(figure.Unit, [.. ranges.Select(r => r.Value)]);
            text.Row([
                $"{figure.Label}, {unit}",
                .. points.Zip(ranges, (p, r) =>
                    $"{NumberText.Significant(r.Low / scale)} – "
                    + $"{NumberText.Significant(r.High / scale)}{(p.Calibrated.Contains(figure) ? " *" : "")}"
                ),
            ]);
        }

        return text;
    }

    /// <summary>The comparison for programs.</summary>
    public static object Document(ComparisonReport report) =>
        new
        {
            report.Model,
            report.InputTokens,
            report.OutputTokens,
            report.Utilisation,
            report.Speed,
            Systems = report
                .Systems()
                .Select(s => new
                {
                    s.Name,
                    s.Detail,
                    OneUser = s.OneUser?.Fields(),
                    FullBatch = s.FullBatch?.Fields(),
                    s.PublishedBars,
                    s.Unavailable,
                }),
            report.Decoding,
            report.Blocks,
            report.Forecasts,
            report.Assumptions,
            Verdict = Verdict.Sentences(report),
        };
}
