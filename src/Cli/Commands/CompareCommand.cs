using System.CommandLine;
using System.Globalization;
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
        var target = new Argument<string>("CHIP|MODEL")
        {
            Description = "A chip image, a GGUF file, or the name of a shape in chips/models.",
        };
        var against = new Option<string>("--against")
        {
            Description = "GPUs, comma-separated; each NAME[:ENGINE[:WEIGHTS]] from chips/gpus.",
            DefaultValueFactory = _ => "h200",
            HelpName = "h200,…",
        };
        var input = new Option<int>("--input")
        {
            Description = "Prompt tokens per request.",
            DefaultValueFactory = _ => 1000,
            HelpName = "N",
        };
        var output = new Option<int>("--output")
        {
            Description = "Answer tokens per request.",
            DefaultValueFactory = _ => 1000,
            HelpName = "N",
        };
        var users = new Option<int>("--users")
        {
            Description = "Users of the full-batch view (0: as many as each system holds).",
            HelpName = "N",
        };
        var fabric = CommonOptions.Fabric("hc1");
        var weights = CommonOptions.Weights();
        var chips = CommonOptions.Chips();
        var explain = CommonOptions.Explain();
        var json = CommonOptions.Json();
        var command = new Command(
            "compare",
            "Compare a chip with GPUs: tokens/s, watts, joules and dollars per token, each with its interval. Example: ./taalas compare llama-3.1-8b --against h200 --input 1000 --output 1000"
        )
        {
            target,
            against,
            input,
            output,
            users,
            fabric,
            weights,
            chips,
            explain,
            json,
        };
        command.SetAction(parsed =>
        {
            var plan = ChipsFolder.Plan(
                parsed.GetRequiredValue(target),
                ChipsFolder.Fabric(parsed.GetValue(fabric)!, parsed.GetValue(chips)),
                parsed.GetValue(weights)
            );
            if (parsed.GetValue(explain) is { } field)
            {
                Derivation.Write(
                    BuildExplanation.Of(
                        ChipsFolder.Library,
                        plan,
                        ChipsFolder.Library.Prices(),
                        field,
                        parsed.GetValue(input),
                        parsed.GetValue(output),
                        Math.Max(1, parsed.GetValue(users))
                    ),
                    parsed.GetValue(json)
                );
                return ExitCode.Done;
            }

            var gpus = parsed.GetValue(against)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var report = BuildComparison.From(
                ChipsFolder.Library,
                plan,
                gpus,
                parsed.GetValue(input),
                parsed.GetValue(output),
                parsed.GetValue(users)
            );
            if (parsed.GetValue(json))
                WriteJson(report);
            else
                Print(report);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The comparison for people.</summary>
    public static void Print(ComparisonReport report)
    {
        var o = Console.Out;
        o.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Model}, {report.InputTokens} prompt and {report.OutputTokens} answer tokens per request"
            )
        );
        foreach (var view in Enum.GetValues<ServiceView>())
        {
            o.WriteLine(view == ServiceView.OneUser ? "\none user" : "\nfull batch");
            o.WriteLine($"  {"", -22} {string.Join(' ', report.Systems().Select(s => $"{s.Name + Users(s, view), -34}"))}");
            foreach (var figure in ComparedFigure.All)
                o.WriteLine(
                    $"  {figure.Name, -22} {string.Join(' ', report.Systems().Select(s => $"{(s.At(view) is { } p ? NumberText.Range(figure.Of(p)) : "–"), -34}"))} {figure.Unit}"
                );
        }

        o.WriteLine();
        foreach (var sentence in Verdict.Sentences(report))
            o.WriteLine(sentence);
        foreach (var system in report.Systems().Where(s => s.Unavailable.Length > 0))
            o.WriteLine($"{system.Name}: {system.Unavailable}");
    }

    private static string Users(ComparedSystem system, ServiceView view) =>
        system.At(view) is { } p ? $" ({NumberText.Significant(p.Users)} user{(p.Users > 1 ? "s" : "")})" : "";

    private static void WriteJson(ComparisonReport report) =>
        Json.Write(
            new
            {
                report.Model,
                report.InputTokens,
                report.OutputTokens,
                Systems = report
                    .Systems()
                    .Select(s => new
                    {
                        s.Name,
                        s.Detail,
                        s.OneUser,
                        s.FullBatch,
                        s.PublishedBars,
                        s.Unavailable,
                    }),
                report.Decoding,
                Verdict = Verdict.Sentences(report),
            }
        );
}
