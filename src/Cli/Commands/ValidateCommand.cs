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
        suite.AcceptOneOf([.. Suites, "all"]);
        var measurements = Measurements();
        var goldens = new Option<string?>("--goldens")
        {
            Description = "Folder of NAME.gguf with NAME.logits.f32 and tokens64.txt for the suite fidelity.",
            HelpName = "DIR",
        };
        var plots = new OutputOption<string?>("--plots")
        {
            Description = "Write predicted-against-measured and error pictures there.",
            HelpName = "DIR",
        };
        var snapshot = new Option<bool>("--snapshot")
        {
            Description = "Compare the GPU predictions of a large grid with the committed ones; exit 1 when one moved.",
        };
        var writeSnapshot = new Option<bool>("--write-snapshot")
        {
            Description = "Write the grid's predictions anew and print the name that the changelog has to give.",
        };
        var rows = new Option<bool>("--rows") { Description = "List every figure and every row that is not modelled." };
        var json = CommonOptions.Json();
        var command = new Command(
            "validate",
            "Error of the models against committed measurements, per group; exit 1 when a gate is missed. Example: ./taalas validate "
                + "silicon"
        )
        {
            suite,
            measurements,
            goldens,
            plots,
            snapshot,
            writeSnapshot,
            rows,
            json,
        };
        command.SetAction(
            (parsed, cancel) =>
            {
                if (parsed.GetValue(snapshot) || parsed.GetValue(writeSnapshot))
                    return Task.FromResult(SnapshotRun.Run(parsed.GetValue(writeSnapshot), parsed.GetValue(json)));
                var report = Run(parsed.GetValue(suite)!, parsed.GetValue(measurements), parsed.GetValue(goldens), cancel);
                if (parsed.GetValue(plots) is { } folder)
                    Draw(report, folder);
                var pass = report.Pass && report.Rows.Count > 0;
                if (parsed.GetValue(json))
                    Json.Write(Document(report, pass));
                else
                    Print(report, parsed.GetValue(rows));
                return Task.FromResult(pass ? ExitCode.Done : ExitCode.No);
            }
        );
        return command;
    }

    private static Option<string?> Measurements() =>
        new("--measurements")
        {
            Description =
                "Score these instead: a .csv with the columns of chips/gpus/measurements/calibration.csv (gpu), or a .yaml as "
                + "chips/measurements/silicon.yaml (silicon).",
            HelpName = "FILE",
        };

    private static object Document(ValidationReport report, bool pass) =>
        new
        {
            Pass = pass,
            Scored = report.Rows.Count,
            report.Groups,
            report.Rows,
            report.Unmodelled,
        };

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
        Groups(report).Write(o, indent: 0);
        if (withRows)
        {
            o.WriteLine();
            Rows(report).Write(o, indent: 0);
            foreach (var miss in report.Rows.Where(r => r.KnownMiss.Length > 0).GroupBy(r => (r.Group, r.KnownMiss)))
                o.WriteLine($"{miss.Key.Group}: known miss of {NumberText.Count(miss.Count())}: {miss.Key.KnownMiss}");
            foreach (var mixed in report.Rows.Where(r => r.Hypotheses.Count > 0).GroupBy(r => string.Join(", ", r.Hypotheses)))
                o.WriteLine($"intervals of {string.Join(", ", mixed.Select(r => r.Id))} mix the explanations {mixed.Key}");
            foreach (var u in report.Unmodelled)
                o.WriteLine($"{u.Suite} {u.Id}: not modelled: {u.Reason}");
        }

        var verdict =
            report.Rows.Count == 0 ? "nothing was scored, so nothing is shown"
            : !report.Pass ? "a gate is missed"
            : report.KnownMisses == 0 ? "every gate holds"
            : $"every gate holds but {NumberText.Count(report.KnownMisses)} known {(report.KnownMisses == 1 ? "miss" : "misses")}, "
                + "whose causes --rows tells";
        o.WriteLine(
            $"{report.Rows.Count} figures scored, {report.Unmodelled.Count} not modelled"
                + $"{(withRows ? "" : " (--rows lists them with reasons)")}; {verdict}"
        );
    }

    private static TextTable Groups(ValidationReport report)
    {
        var table = new TextTable().Words("group").Words("suite").Words("role").Numbers("count");
        table.Numbers("mean %").Numbers("worst %").Numbers("bias %").Numbers("gate %").Words("");
        foreach (var g in report.Groups)
        {
            var reference = g.Role == "reference";
            table.Row(
                g.Name,
                g.Suite,
                g.Role,
                NumberText.Count(g.Count),
                Percent(g.MeanAbsPct),
                Percent(g.WorstPct),
                Signed(g.BiasPct),
                reference ? "–" : g.GatePct.ToString("0.####", CultureInfo.InvariantCulture),
                reference ? "shown"
                    : !g.Pass ? "MISSED"
                    : g.KnownMisses > 0 ? "known miss"
                    : "pass"
            );
        }

        return table;
    }

    private static TextTable Rows(ValidationReport report)
    {
        var table = new TextTable()
            .Words("figure")
            .Words("suite")
            .Words("role")
            .Words("known")
            .Words("predicted")
            .Numbers("error")
            .Words("");
        foreach (var r in report.Rows)
            table.Row(
                r.Id,
                r.Suite,
                r.Role,
                Known(r),
                $"{NumberText.Range(new(r.Predicted, r.Low, r.High))} {r.Unit}",
                $"{Signed(r.ErrorPct)} %",
                r.KnownMiss.Length > 0 ? (r.Pass ? "known miss" : "HOLDS, though called a miss")
                    : r.Pass || r.Suite == "gpu" ? ""
                    : "MISSED"
            );
        return table;
    }

    private static string Percent(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private static string Known(ValidationRow r) =>
        r.MeasuredLow < r.MeasuredHigh
            ? $"{NumberText.Significant(r.MeasuredLow)} – {NumberText.Significant(r.MeasuredHigh)}"
            : NumberText.Significant(r.Measured);
}
