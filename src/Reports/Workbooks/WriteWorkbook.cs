using System.Globalization;
using System.IO.Compression;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Workbooks;

/// <summary>
/// Writes a cost workbook (Office Open XML): sheets Costs, Inputs and Life. Every figure is a formula over named inputs, beside what the
/// command says and the difference; a change of an input recalculates all. Equal workbooks are equal files.
/// </summary>
public static class WriteWorkbook
{
    // Thirty years by month; a longer life would need more rows.
    private const int Months = 360;

    private const string Says = "the command says";

    // Day 0 of spreadsheets.
    private static readonly DateOnly Epoch = new(1899, 12, 30);

    /// <summary>Writes a file that ends with <c>.xlsx</c>.</summary>
    /// <exception cref="InputException">The name ends otherwise, or the place cannot be written.</exception>
    public static void To(string path, CostWorkbook book)
    {
        if (!path.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase))
            throw new InputException($"--workbook {path}: name a .xlsx file");
        using var made = new MemoryStream();
        Write(made, book);
        AtomicFile.Write(path, stream => Repack(made, stream));
    }

    private static void Write(Stream stream, CostWorkbook book)
    {
        using var document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook);
        var workbook = document.AddWorkbookPart();
        // The library draws an id where none is given.
        document.ChangeIdOfPart(workbook, "rId1");
        var styles = workbook.AddNewPart<WorkbookStylesPart>("rId100");
        styles.Stylesheet = WorkbookStyle.Sheet();
        (WorkbookSheet Sheet, double[] Widths, int Held)[] sheets =
        [
            (Costs(book), [46, 18, 12, 18, 14], 3),
            (Inputs(book), [34, 16, 16, 16, 14, 100, 12, 12], 2),
            (Life(book), [34, 18, 16, 18, 14, 18, 18, 18, 18, 18, 18, 18], 1),
        ];
        var list = new Sheets();
        for (var i = 0; i < sheets.Length; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"rId{i + 1}");
            workbook.AddNewPart<WorksheetPart>(id).Worksheet = sheets[i].Sheet.ToWorksheet(sheets[i].Widths, sheets[i].Held);
            list.Append(
                new Sheet
                {
                    Id = id,
                    SheetId = (uint)i + 1,
                    Name = sheets[i].Sheet.Name,
                }
            );
        }

        workbook.Workbook = new Workbook(
            list,
            new DefinedNames(sheets.SelectMany(s => s.Sheet.Names).Select(n => new DefinedName(n.Cell) { Name = n.Name })),
            new CalculationProperties { FullCalculationOnLoad = true }
        );
    }

    private static WorkbookSheet Costs(CostWorkbook book)
    {
        var sheet = new WorkbookSheet("Costs");
        sheet.NewRow().Text($"{book.Model} on {book.Fabric}, prices of {Day(book.Date)}", bold: true);
        sheet.NewRow().Text("Change numbers on the sheet Inputs; 'the command says' stays as it was.");
        Heads(sheet, "figure", "value", "unit", Says, "difference");
        foreach (var f in book.Figures)
        {
            sheet.NewRow().Text(f.Label).Formula(f.Formula, f.Expected).Named(f.Name).Text(f.Unit).Number(f.Expected);
            sheet.Formula(Difference(sheet.Row), 0, WorkbookStyle.Percent);
        }

        return sheet;
    }

    private static WorkbookSheet Inputs(CostWorkbook book)
    {
        var sheet = new WorkbookSheet("Inputs");
        sheet.NewRow().Text("Formulas use the values; low and high are the ends of the 90 % interval.");
        Heads(sheet, "name in formulas", "value", "low", "high", "unit", "source", "as of", "confidence");
        sheet.NewRow().Text("prices_date").Number(Serial(book.Date), WorkbookStyle.Date).Named("prices_date");
        sheet.Text("").Text("").Text("day").Text("the price list").Number(Serial(book.Date), WorkbookStyle.Date).Text("exact");
        foreach (var i in book.Inputs)
        {
            sheet.NewRow().Text(i.Name).Number(i.Value).Named(i.Name).Number(i.Low).Number(i.High).Text(i.Unit).Text(i.Source);
            sheet.Number(Serial(book.Date), WorkbookStyle.Date).Text(i.Confidence);
        }

        return sheet;
    }

    // Savings against each alternative by month until the model is retired, and their net present value.
    private static WorkbookSheet Life(CostWorkbook book)
    {
        var (sheet, life, alternatives) = (new WorkbookSheet("Life"), book.Life, book.Alternatives);
        Heads(sheet, "one model's cards", "value", "unit", Says, "difference");
        Given("in service from", "in_service", "prices_date+7*turnaround_weeks", Serial(book.InService), "day", WorkbookStyle.Date);
        Given("retired on", "retired", "in_service+365.25*life_years", Serial(book.Retired), "day", WorkbookStyle.Date);
        Given("life", "life_months", "12*life_years", life.LifeMonths, "months", WorkbookStyle.Plain);
        Given(
            "cards, servers, masks, engineering",
            "investment_usd",
            "cards_per_model/cards*(card_price_usd+cards*server_share_usd)+one_time_usd_per_model",
            life.InvestmentUsd,
            "USD",
            WorkbookStyle.Dollars
        );
        Given(
            "hosting and electricity",
            "running_usd_per_month",
            "cards_per_model/cards*(watts+cards*server_share_watts)/1000"
                + "*(hosting_usd_per_kw_year/8760+electricity_usd_per_kwh*pue*utilisation)*8760/12",
            life.RunningUsdPerMonth,
            "USD a month",
            WorkbookStyle.Dollars
        );
        Given(
            "answer tokens",
            "million_tokens_per_month",
            "cards_per_model/cards*tokens_per_second*3600*8760/12*utilisation/1000000",
            life.MillionTokensPerMonth,
            "million a month",
            WorkbookStyle.Plain
        );
        var first = sheet.Row + alternatives.Count + 2;
        var (from, to) = (Number(first), Number(first + Months - 1));
        for (var a = 0; a < alternatives.Count; a++)
        {
            var column = WorkbookSheet.Letters(3 + a);
            var value = life.NetPresentUsd(alternatives[a].UsdPerMillion);
            Given(
                $"net present value against {alternatives[a].Name}",
                $"npv_{Number(a + 1)}",
                $"SUM({column}{from}:{column}{to})-investment_usd",
                value,
                "USD",
                WorkbookStyle.Dollars
            );
        }

        Heads(sheet, ["month", "share of it in service", "discount", .. alternatives.Select(a => $"saved against {a.Name}, discounted")]);
        for (var month = 1; month <= Months; month++)
            Month(sheet, life, alternatives, month);
        return sheet;

        void Given(string label, string name, string formula, double value, string unit, uint style)
        {
            sheet.NewRow().Text(label).Formula(formula, value, style).Named(name).Text(unit).Number(value, style);
            sheet.Formula(Difference(sheet.Row), 0, WorkbookStyle.Percent);
        }
    }

    private static void Month(WorkbookSheet sheet, ModelLife life, IReadOnlyList<WorkbookAlternative> alternatives, int month)
    {
        var share = Math.Max(0, Math.Min(1, life.LifeMonths - (month - 1)));
        var discount = 1 / Math.Pow(1 + life.DiscountRate, month / 12.0);
        sheet.NewRow().Number(month);
        var row = Number(sheet.Row);
        sheet.Formula($"MAX(0,MIN(1,life_months-(A{row}-1)))", share).Formula($"1/(1+discount_rate)^(A{row}/12)", discount);
        foreach (var a in alternatives)
            sheet.Formula(
                $"B{row}*C{row}*(million_tokens_per_month*{a.Figure}-running_usd_per_month)",
                share * discount * ((life.MillionTokensPerMonth * a.UsdPerMillion) - life.RunningUsdPerMonth),
                WorkbookStyle.Dollars
            );
    }

    private static void Heads(WorkbookSheet sheet, params ReadOnlySpan<string> heads)
    {
        sheet.NewRow();
        foreach (var head in heads)
            sheet.Text(head, bold: true);
    }

    private static string Difference(int row) => $"IF(D{Number(row)}=0,0,B{Number(row)}/D{Number(row)}-1)";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Serial(DateOnly day) => day.DayNumber - Epoch.DayNumber;

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // The library stamps the parts with the time; equal workbooks shall be equal files.
    private static void Repack(Stream from, Stream to)
    {
        from.Position = 0;
        using var source = new ZipArchive(from, ZipArchiveMode.Read);
        using var target = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var part in source.Entries.OrderBy(e => e.FullName, StringComparer.Ordinal))
        {
            var entry = target.CreateEntry(part.FullName, CompressionLevel.Optimal);
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var read = part.Open();
            using var write = entry.Open();
            read.CopyTo(write);
        }
    }
}
