using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Reports.Costs;
using TaalasSim.Reports.Workbooks;

namespace TaalasSim.Cli.Commands;

/// <summary><c>cost CHIP|MODEL</c>: die, masks, card, tokens, and cost by volume beside renting, buying and calling.</summary>
internal static class CostCommand
{
    public static Command Create()
    {
        var design = new DesignOptions();
        var request = new RequestOptions();
        var cards = new NumberOption<int>(
            Ranges.Cards,
            0,
            "Cards that share the one-time costs of the model (0: as the price list says).",
            "--cards"
        );
        var utilisation = CommonOptions.Utilisation();
        var respins = new RespinOptions();
        var workbook = Workbook();
        var explain = CommonOptions.Explain();
        var json = CommonOptions.Json();
        var command = new Command(
            "cost",
            "Price a chip: die, yield, masks of the two layers, card, tokens, and cost by volume against GPUs and APIs, each with its "
                + "interval. Example: ./taalas cost llama-3.1-8b --cards 1000 --utilisation 0.3"
        )
        {
            cards,
            utilisation,
            respins.Months,
            respins.Years,
            respins.Picture,
            workbook,
            explain,
            json,
        };
        design.AddTo(command);
        request.AddTo(command);
        command.SetAction(parsed =>
        {
            var plan = design.Plan(parsed);
            var (input, output) = request.Of(parsed, plan);
            var prices = BuildCost.Prices(ChipsFolder.Library, parsed.GetValue(cards), parsed.GetValue(utilisation));
            var sheet = parsed.GetValue(workbook);
            CheckWorkbook(sheet, respins.Plan(parsed) is not null || parsed.GetValue(explain) is not null);
            if (respins.Plan(parsed) is { } timeline)
            {
                var spent = BuildRespins.From(ChipsFolder.Library, plan, prices, input, output, timeline);
                RespinOutput.Write(spent, parsed.GetValue(respins.Picture), parsed.GetValue(json));
                return ExitCode.Done;
            }

            if (parsed.GetValue(explain) is { } field)
            {
                ExplanationOutput.Write(CostTables.Explain(ChipsFolder.Library, plan, prices, field, input, output), parsed.GetValue(json));
                return ExitCode.Done;
            }

            var report = BuildCost.From(ChipsFolder.Library, plan, prices, input, output);
            var book = sheet is null ? null : CostWorkbook.Of(ChipsFolder.Library, plan, prices, report, input, output);
            Tell(report, book, sheet, parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Tell(CostReport report, CostWorkbook? book, string? path, bool json)
    {
        if (book is not null)
            WriteWorkbook.To(path!, book);
        if (json)
        {
            WriteJson(report, book);
            return;
        }

        Print(report);
        if (book is not null)
            PrintLife(book, path!);
    }

    private static OutputOption<string?> Workbook() =>
        new OutputOption<string?>("--workbook")
        {
            Description =
                "Write a workbook (.xlsx) to FILE: inputs with sources, live formulas, net present value until the model is retired.",
            HelpName = "FILE",
        };

    private static void CheckWorkbook(string? path, bool asksForOther)
    {
        if (path is not null && asksForOther)
            throw new InputException("--workbook: has the costs of one model; leave out --respin-months and --explain");
    }

    // The life of one model's cards, as the workbook has it.
    private static void PrintLife(CostWorkbook book, string path)
    {
        var o = Console.Out;
        o.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\nin service from {book.InService:yyyy-MM-dd}, retired on {book.Retired:yyyy-MM-dd}"
            )
        );
        o.WriteLine("net present value of the run's cards, USD, against the same answer tokens from");
        var table = new TextTable().Words("").Numbers("USD");
        foreach (var (name, usd) in book.Values)
            table.Row(name, NumberText.Significant(usd));
        table.Write(o);
        o.WriteLine($"{path}: the workbook");
    }

    private static void WriteJson(CostReport report, CostWorkbook? book) =>
        Json.Write(
            new
            {
                report.Model,
                report.Fabric,
                report.Prices,
                report.PricesDate,
                report.YieldModel,
                report.CardsPerModel,
                report.Users,
                report.Assumptions,
                report.Figures,
                CostReport.VolumesMillion,
                report.UsdPerMonth,
                report.OwnModelUsdPerMonth,
                CostReport.Utilisations,
                report.UsdPerMillionByUtilisation,
                CostReport.WriteOffMonths,
                report.UsdPerMillionByWriteOff,
                report.Alternatives,
                report.Verdict,
                Life = book is null
                    ? null
                    : new
                    {
                        InService = book.InService.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                        Retired = book.Retired.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                        NetPresentUsd = book.Values.ToDictionary(v => v.Alternative, v => v.NetPresentUsd),
                    },
            }
        );

    private static void Print(CostReport report)
    {
        var o = Console.Out;
        o.WriteLine(
            $"{report.Model} on {report.Fabric}, prices of {report.PricesDate}; full batch is {report.Users} "
                + $"user{(report.Users > 1 ? "s" : "")}"
        );
        var figures = new TextTable().Words("").Words("");
        foreach (var f in report.Figures)
            figures.Row(f.Name, MeasureText.Of(f.Figure, f.Unit));
        figures.Write(o);
        o.WriteLine($"  yield: {report.YieldModel}");

        var priced = report.Alternatives.Where(a => a.Unavailable.Length == 0).ToList();
        o.WriteLine("\nUSD a month by volume (million tokens a month)");
        Columns(
                CostReport.VolumesMillion.Select(v => NumberText.Count((long)v)),
                [
                    ($"card of a run of {NumberText.Count((long)report.CardsPerModel)}", report.UsdPerMonth),
                    ("own model", report.OwnModelUsdPerMonth),
                    .. priced.Select(a => (a.Name, a.UsdPerMonth)),
                ]
            )
            .Write(o);
        o.WriteLine("\nUSD per million answer tokens by share of the time under load");
        Columns(
                CostReport.Utilisations.Select(u => string.Create(CultureInfo.InvariantCulture, $"{100 * u:0.#} %")),
                [("this chip", report.UsdPerMillionByUtilisation), .. priced.Select(a => (a.Name, a.UsdPerMillionByUtilisation))]
            )
            .Write(o);
        o.WriteLine("\nUSD per million answer tokens by write-off");
        var writeOff = new TextTable().Words("").Words("");
        foreach (var (months, range) in CostReport.WriteOffMonths.Zip(report.UsdPerMillionByWriteOff))
            writeOff.Row($"{months} months", NumberText.Range(range));
        writeOff.Write(o);

        o.WriteLine("\nagainst: USD per million tokens, and the volume from which the chip pays (million tokens a month)");
        Alternatives(priced).Write(o);
        foreach (var a in report.Alternatives.Where(a => a.Unavailable.Length > 0))
            o.WriteLine($"  {a.Name}: {a.Unavailable}");
        o.WriteLine();
        foreach (var sentence in report.Verdict)
            o.WriteLine(sentence);
        foreach (var assumption in report.Assumptions)
            o.WriteLine(assumption);
    }

    private static TextTable Columns(IEnumerable<string> heads, IEnumerable<(string Name, IReadOnlyList<UncertaintyRange> Values)> rows)
    {
        var table = new TextTable().Words("");
        foreach (var head in heads)
            table.Numbers(head);
        foreach (var (name, values) in rows)
            table.Row([name, .. values.Select(v => NumberText.Significant(v.Value))]);
        return table;
    }

    private static TextTable Alternatives(IEnumerable<CostAlternative> priced)
    {
        var table = new TextTable().Words("").Words("USD per million").Words("card of the run").Words("own model");
        foreach (var a in priced)
            table.Row(
                a.Name,
                NumberText.Range(a.UsdPerMillionTokens!.Value),
                Cross(a.CrossOverMillionPerMonth!.Value),
                Cross(a.OwnModelCrossOverMillionPerMonth!.Value)
            );
        return table;
    }

    private static string Cross(UncertaintyRange volume)
    {
        var (value, low, high) = (Volume(volume.Value), Volume(volume.Low), Volume(volume.High));
        return value == low && value == high ? value : $"{value} ({low} – {high})";
    }

    private static string Volume(double million) =>
        double.IsInfinity(million) ? "never"
        : million == 0 ? "always"
        : NumberText.Significant(million);
}
