using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Costs;

namespace TaalasSim.Cli.Terminal;

/// <summary>Prints a service with new models.</summary>
internal static class RespinOutput
{
    /// <summary>Writes the report, and its picture where one is named.</summary>
    public static void Write(RespinReport report, string? picture, bool json)
    {
        if (picture is not null)
        {
            using var chart = SeriesChart.Draw(RespinCurves.From(report));
            chart.SaveAs(picture);
        }

        if (json)
            Json.Write(report);
        else
            Print(report, Console.Out);
        if (picture is not null && !json)
            Console.Out.WriteLine($"{picture}: costs over time");
    }

    private static void Print(RespinReport report, TextWriter o)
    {
        o.WriteLine(
            $"{report.Model} on {report.Fabric}, prices of {report.PricesDate}: "
                + $"a new model every {NumberText.Counted(report.Plan.RespinMonths, "month")} for "
                + $"{NumberText.Counted(report.Plan.Years, "year")}, {NumberText.Count((long)report.Cards)} cards each"
        );
        var each = new TextTable().Words("").Words("");
        each.Row("answer tokens served", $"{NumberText.Range(report.MillionTokensPerMonth)} million a month");
        each.Row("finished model to cards", $"{NumberText.Range(report.Weeks)} weeks; until then the model before it serves");
        each.Row("custom masks of a model", $"{NumberText.Range(report.MasksUsd)} USD");
        each.Row("engineering, share of the fabric", $"{NumberText.Range(report.OtherOneTimeUsd)} USD a model");
        each.Row("wafers of a model", NumberText.Range(report.Wafers));
        each.Row("cards of a model", $"{NumberText.Range(report.CardsUsd)} USD");
        each.Row("electricity and hosting", $"{NumberText.Range(report.RunningUsdPerMonth)} USD a month");
        each.Write(o);
        o.WriteLine("\nspent so far, million USD, by month (models begin at each but the last)");
        var table = new TextTable().Words("");
        foreach (var month in report.Months)
            table.Numbers($"{month}");
        foreach (var system in report.Systems)
            table.Row([system.Name, .. system.CumulativeUsd.Select(usd => NumberText.Significant(usd.Value / 1e6))]);
        table.Write(o);
        o.WriteLine();
        foreach (var sentence in report.Verdict)
            o.WriteLine(sentence);
    }
}
