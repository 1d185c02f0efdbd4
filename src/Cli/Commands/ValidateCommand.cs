using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Reports.Validation;

namespace TaalasSim.Cli.Commands;

/// <summary><c>validate [SUITE]</c>: the model's error against what is known, per group.</summary>
internal static class ValidateCommand
{
    private static readonly string[] Suites = ["silicon", "gpu", "synthesis", "formula", "timing", "fidelity"];

    public static Command Create()
    {
        var suite = new Argument<string>("SUITE")
        {
            Description = string.Join(", ", Suites) + ", or all.",
            DefaultValueFactory = _ => "all",
        };
        suite.AcceptOnlyFromAmong([.. Suites, "all"]);
        var measurements = new Option<string?>("--measurements")
        {
            Description =
                "Score these instead: a .csv with the columns of chips/gpus/measurements/calibration.csv (gpu), or a .yaml as chips/measurements/silicon.yaml (silicon).",
            HelpName = "FILE",
        };
        var goldens = new Option<string?>("--goldens")
        {
            Description = "Folder of NAME.gguf with NAME.logits.f32 and tokens64.txt for the suite fidelity.",
            HelpName = "DIR",
        };
        var plots = new Option<string?>("--plots")
        {
            Description = "Write predicted-against-measured and error pictures there.",
            HelpName = "DIR",
        };
        var rows = new Option<bool>("--rows") { Description = "List every figure and every row that is not modelled." };
        var json = CommonOptions.Json();
        var command = new Command(
            "validate",
            "Error of the models against committed measurements, per group; exit 1 when a gate is missed. Example: ./taalas validate silicon"
        )
        {
            suite,
            measurements,
            goldens,
            plots,
            rows,
            json,
        };
        command.SetAction(
            (parsed, cancel) =>
            {
                var report = Run(parsed.GetValue(suite)!, parsed.GetValue(measurements), parsed.GetValue(goldens), cancel);
                if (parsed.GetValue(plots) is { } folder)
                    Draw(report, folder);
                if (parsed.GetValue(json))
                    Json.Write(
                        new
                        {
                            report.Pass,
                            report.Groups,
                            report.Rows,
                            report.Unmodelled,
                        }
                    );
                else
                    Print(report, parsed.GetValue(rows));
                return Task.FromResult(report.Pass ? ExitCode.Done : ExitCode.No);
            }
        );
        return command;
    }

    private static ValidationReport Run(string suite, string? measurements, string? goldens, CancellationToken cancel)
    {
        var library = ChipsFolder.Library;
        string Committed(string name) => Path.Combine(ChipsFolder.Path, "measurements", name);
        if (measurements is not null)
        {
            var kind = Path.GetExtension(measurements) switch
            {
                ".csv" => "gpu",
                ".yaml" => "silicon",
                _ => throw new InputException($"--measurements {measurements}: use a .csv for GPUs or a .yaml for hard-wired chips"),
            };
            if (suite != "all" && suite != kind)
                throw new InputException($"--measurements {measurements}: belongs to the suite {kind}, not {suite}");
            return kind == "gpu"
                ? GpuSuite.Run(library.Gpus, ChipsFolder.Path, measurements)
                : SiliconSuite.Run(library, measurements, cancel);
        }

        if (goldens is not null && suite is not ("fidelity" or "all"))
            throw new InputException($"--goldens: belongs to the suite fidelity, not {suite}");
        using var line = new ProgressLine();
        var parts = new List<ValidationReport>();
        foreach (var name in Suites.Where(s => suite == "all" || s == suite))
        {
            line.Show($"Validate {name}");
            parts.Add(
                name switch
                {
                    "silicon" => SiliconSuite.Run(library, Committed("silicon.yaml"), cancel),
                    "gpu" => GpuSuite.Run(library.Gpus, ChipsFolder.Path),
                    "synthesis" => SynthesisSuite.Run(library, Committed("synthesis.yaml")),
                    "formula" => FormulaSuite.Run(library, Committed("formulas.yaml")),
                    "timing" => TimingSuite.Run(library, cancel),
                    _ => FidelitySuite.Run(library, Committed("fidelity.yaml"), goldens, Product.Name, cancel),
                }
            );
        }

        return ValidationReport.Join(parts);
    }

    private static void Draw(ValidationReport report, string folder)
    {
        foreach (var picture in ValidationPictures.Draw(report))
            using (picture)
                picture.Save(folder);
    }

    private static void Print(ValidationReport report, bool withRows)
    {
        var o = Console.Out;
        o.WriteLine($"{"suite", -9} {"group", -42} {"role", -12} {"count", 5} {"mean %", 8} {"worst %", 8} {"bias %", 8} {"gate %", 8}");
        foreach (var g in report.Groups)
            o.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{g.Suite, -9} {g.Name, -42} {g.Role, -12} {g.Count, 5} {g.MeanAbsPct, 8:0.00} {g.WorstPct, 8:0.00} {g.BiasPct, 8:+0.00;-0.00;0.00} {(g.Role == "reference" ? "–" : g.GatePct.ToString("0.####", CultureInfo.InvariantCulture)), 8}  {(g.Role == "reference" ? "shown" : g.Pass ? "pass" : "MISSED")}"
                )
            );
        if (withRows)
        {
            foreach (var r in report.Rows)
                o.WriteLine(
                    $"{r.Suite, -9} {r.Id, -42} {r.Role, -12} {Known(r), 26} predicted {NumberText.Range(new(r.Predicted, r.Low, r.High))} {r.Unit}: {r.ErrorPct.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture)} %{(r.Pass || r.Suite == "gpu" ? "" : "  MISSED")}"
                );
            foreach (var u in report.Unmodelled)
                o.WriteLine($"{u.Suite, -9} {u.Id, -42} not modelled: {u.Reason}");
        }

        o.WriteLine(
            $"{report.Rows.Count} figures scored, {report.Unmodelled.Count} not modelled{(withRows ? "" : " (--rows lists them with reasons)")}; {(report.Pass ? "every gate holds" : "a gate is missed")}"
        );
    }

    private static string Known(ValidationRow r) =>
        r.MeasuredLow < r.MeasuredHigh
            ? $"known {NumberText.Significant(r.MeasuredLow)} – {NumberText.Significant(r.MeasuredHigh)}"
            : $"known {NumberText.Significant(r.Measured)}";
}
