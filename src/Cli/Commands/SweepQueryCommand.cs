using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Languages;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Reports.Sweeps;

namespace TaalasSim.Cli.Commands;

/// <summary><c>sweep query DIR SQL</c>: SQL over the table of a finished sweep.</summary>
internal static class SweepQueryCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "Folder of a finished sweep." };
        var sql = new Argument<string>("SQL")
        {
            Description = "A query over the table sweep, and over sensitivity or tornado where the sweep has it.",
        };
        var csv = new Option<bool>("--csv") { Description = "Print the rows as CSV with all digits." };
        var json = CommonOptions.Json();
        var command = new Command(
            "query",
            "Query the table of a finished sweep with SQL (DuckDB; reads this table and nothing else). Example: ./taalas sweep query "
                + "out/sweep \"SELECT min(watts) FROM sweep WHERE status = 'ok'\""
        )
        {
            folder,
            sql,
            csv,
            json,
        };
        command.SetAction(parsed =>
        {
            var answer = SweepQuery.Run(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(sql));
            if (parsed.GetValue(json))
                Json.Write(new { answer.Columns, answer.Rows });
            else if (parsed.GetValue(csv))
                WriteCsv(answer, Console.Out);
            else
                Table(answer).Write(Console.Out);
            return ExitCode.Done;
        });
        return command;
    }

    private static void WriteCsv(SweepAnswer answer, TextWriter text)
    {
        text.Write(string.Join(',', answer.Columns.Select(name => CsvText.Cell(name))) + '\n');
        foreach (var row in answer.Rows)
            text.Write(string.Join(',', row.Select(value => CsvText.Cell(Text(value, "R")))) + '\n');
    }

    private static TextTable Table(SweepAnswer answer)
    {
        var table = new TextTable();
        for (var c = 0; c < answer.Columns.Count; c++)
        {
            var name = NameGate.Visible(answer.Columns[c]);
            if (answer.Rows.Any(r => r[c] is string))
                table.Words(name);
            else
                table.Numbers(name);
        }

        foreach (var row in answer.Rows)
            table.Row([.. row.Select(value => NameGate.Visible(Text(value, "G6")))]);
        return table;
    }

    private static string Text(object? value, string format) =>
        value switch
        {
            null => "",
            bool truth => truth ? "true" : "false",
            double or float => ((IFormattable)value).ToString(format, CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
}
