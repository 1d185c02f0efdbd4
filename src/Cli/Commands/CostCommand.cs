using System.CommandLine;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Reports.Costs;

namespace TaalasSim.Cli.Commands;

/// <summary><c>cost CHIP|MODEL</c>: die, masks, card, tokens, and cost by volume beside renting, buying and calling.</summary>
internal static class CostCommand
{
    public static Command Create()
    {
        var target = new Argument<string>("CHIP|MODEL")
        {
            Description = "A chip image, a GGUF file, or the name of a shape in chips/models.",
        };
        var cards = new Option<int>("--cards")
        {
            Description = "Cards that share the one-time costs of the model (0: as the price list says).",
            HelpName = "N",
        };
        var utilisation = new Option<double>("--utilisation")
        {
            Description = "Share of the time under load, above 0 and at most 1 (0: as the price list says).",
            HelpName = "U",
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
        var explain = CommonOptions.Explain();
        var fabric = CommonOptions.Fabric("hc1");
        var weights = CommonOptions.Weights();
        var json = CommonOptions.Json();
        var command = new Command(
            "cost",
            "Price a chip: die, yield, masks of the two layers, card, tokens, and cost by volume against GPUs and APIs, each with its interval. Example: ./taalas cost llama-3.1-8b --cards 1000 --utilisation 0.3"
        )
        {
            target,
            cards,
            utilisation,
            input,
            output,
            explain,
            fabric,
            weights,
            json,
        };
        command.SetAction(parsed =>
        {
            var plan = ChipsFolder.Plan(
                parsed.GetRequiredValue(target),
                ChipsFolder.Fabric(parsed.GetValue(fabric)!),
                parsed.GetValue(weights)
            );
            var prices = BuildCost.Prices(ChipsFolder.Library, parsed.GetValue(cards), parsed.GetValue(utilisation));
            if (parsed.GetValue(explain) is { } field)
            {
                Derivation.Write(
                    BuildCost.Explain(ChipsFolder.Library, plan, prices, field, parsed.GetValue(input), parsed.GetValue(output)),
                    parsed.GetValue(json)
                );
                return ExitCode.Done;
            }

            var report = BuildCost.From(ChipsFolder.Library, plan, prices, parsed.GetValue(input), parsed.GetValue(output));
            if (parsed.GetValue(json))
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
                    }
                );
            else
                Print(report);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(CostReport report)
    {
        var o = Console.Out;
        o.WriteLine(
            $"{report.Model} on {report.Fabric}, prices of {report.PricesDate}; full batch is {report.Users} user{(report.Users > 1 ? "s" : "")}"
        );
        foreach (var f in report.Figures)
            o.WriteLine($"  {f.Name, -40} {NumberText.Range(f.Figure)} {f.Unit}");
        o.WriteLine($"  yield: {report.YieldModel}");

        o.WriteLine("\nUSD a month by volume (million tokens a month)");
        o.WriteLine($"  {"", -24}{string.Concat(CostReport.VolumesMillion.Select(v => $"{NumberText.Count((long)v), 12}"))}");
        Row($"card of a run of {NumberText.Significant(report.CardsPerModel)}", report.UsdPerMonth.Select(i => i.Value));
        Row("model of one's own", report.OwnModelUsdPerMonth.Select(i => i.Value));
        foreach (var a in report.Alternatives.Where(a => a.Unavailable.Length == 0))
            Row(a.Name, a.UsdPerMonth.Select(i => i.Value));

        o.WriteLine("\nUSD per million answer tokens by share of the time under load");
        o.WriteLine($"  {"", -24}{string.Concat(CostReport.Utilisations.Select(u => $"{NumberText.Significant(100 * u) + " %", 12}"))}");
        Row("this chip", report.UsdPerMillionByUtilisation.Select(i => i.Value));
        foreach (var a in report.Alternatives.Where(a => a.Unavailable.Length == 0))
            Row(a.Name, a.UsdPerMillionByUtilisation.Select(i => i.Value));
        o.WriteLine(
            $"  written off in {string.Join(", ", CostReport.WriteOffMonths.Zip(report.UsdPerMillionByWriteOff, (m, i) => $"{m} months {NumberText.Range(i)}"))} USD per million"
        );

        o.WriteLine($"\n  {"against", -24}{"USD per million", -28}{"pays from (million tokens a month)", -40}with a model of one's own");
        foreach (var a in report.Alternatives)
            o.WriteLine(
                a.Unavailable.Length > 0
                    ? $"  {a.Name, -24}{a.Unavailable}"
                    : $"  {a.Name, -24}{NumberText.Range(a.UsdPerMillionTokens!.Value), -28}{Cross(a.CrossOverMillionPerMonth!.Value), -40}{Cross(a.OwnModelCrossOverMillionPerMonth!.Value)}"
            );
        o.WriteLine();
        foreach (var sentence in report.Verdict)
            o.WriteLine(sentence);

        void Row(string name, IEnumerable<double> values) =>
            o.WriteLine($"  {name, -24}{string.Concat(values.Select(v => $"{NumberText.Significant(v), 12}"))}");
    }

    private static string Cross(UncertaintyRange volume) => $"{Volume(volume.Value)} ({Volume(volume.Low)} – {Volume(volume.High)})";

    private static string Volume(double million) =>
        double.IsInfinity(million) ? "never"
        : million == 0 ? "always"
        : NumberText.Significant(million);
}
