using System.IO.Compression;
using System.Xml.Linq;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Costs;
using TaalasSim.Reports.Workbooks;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Workbooks;

/// <summary>A workbook's formulas recalculate to what the command says, here by an evaluator of its own and by LibreOffice where it is
/// installed; a changed input moves them as it moves the command.</summary>
[TestFixture]
[Category("Physics")]
public sealed class CostWorkbookTests
{
    private const double Tolerance = 1e-9;

    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    private static readonly string[] Cases = ["llama-3.2-1b hc1 1", "llama-3.1-8b hc1 1", "llama-3.2-3b hc1-hbm 2"];

    private static readonly Dictionary<(string, double, int), (CostWorkbook Book, CostReport Report)> Made = [];

    private static (CostWorkbook Book, CostReport Report) Make(string name, double utilisation = 0, int cards = 0)
    {
        if (Made.TryGetValue((name, utilisation, cards), out var made))
            return made;
        return Made[(name, utilisation, cards)] = Build(name, utilisation, cards);
    }

    private static (CostWorkbook Book, CostReport Report) Build(string name, double utilisation, int cards)
    {
        var parts = name.Split(' ');
        var fabric = Library.Fabric(parts[1], parts[2] == "1" ? null : new Dictionary<string, string> { ["dies"] = parts[2] });
        var plan = DesignLibrary.Plan(Library.Shape(parts[0]), fabric, fabric.DefaultWeights);
        var prices = BuildCost.Prices(Library, cards, utilisation);
        var report = BuildCost.From(Library, plan, prices, 300, 200);
        return (CostWorkbook.Of(Library, plan, prices, report, 300, 200), report);
    }

    private static FormulaEvaluator Open(TemporaryFolder folder, CostWorkbook book, string name = "costs.xlsx")
    {
        WriteWorkbook.To(folder.File(name), book);
        return new FormulaEvaluator(folder.File(name));
    }

    [TestCaseSource(nameof(Cases))]
    public void Formulas_recalculate_to_what_the_command_says(string name)
    {
        using var folder = new TemporaryFolder();
        var (book, report) = Make(name);
        var sheet = Open(folder, book);
        var alternatives = report.Alternatives.Where(a => a.UsdPerMillionTokens is not null).ToList();
        Assert.Multiple(() =>
        {
            foreach (var figure in report.Figures.Where(f => sheet.Names.Contains(f.Key)))
                Assert.That(sheet[figure.Key], Is.EqualTo(figure.Figure.Value).Within(Tolerance).Percent, figure.Key);
            Assert.That(report.Figures.Count(f => sheet.Names.Contains(f.Key)), Is.GreaterThanOrEqualTo(13));
            for (var i = 0; i < report.Alternatives.Count; i++)
                if (report.Alternatives[i].UsdPerMillionTokens is { } usd)
                    Assert.That(sheet[$"alternative_{i + 1}_usd_per_million"], Is.EqualTo(usd.Value).Within(Tolerance).Percent);
            Assert.That(book.Values, Has.Count.EqualTo(alternatives.Count));
            for (var i = 0; i < book.Values.Count; i++)
                Assert.That(sheet[$"npv_{i + 1}"], Is.EqualTo(book.Values[i].NetPresentUsd).Within(Tolerance).Percent);
            // Days of a spreadsheet count from 1899-12-30.
            var days = new DateOnly(1899, 12, 30);
            Assert.That(days.AddDays((int)Math.Round(sheet["in_service"])), Is.EqualTo(book.InService));
            Assert.That(days.AddDays((int)Math.Round(sheet["retired"])), Is.EqualTo(book.Retired).Or.EqualTo(book.Retired.AddDays(1)));
        });
    }

    // What the command would say with the new input is what the old workbook says once the input is typed in.
    [Test]
    public void A_changed_input_moves_the_workbook_as_it_moves_the_command()
    {
        using var folder = new TemporaryFolder();
        var sheet = Open(folder, Make("llama-3.1-8b hc1 1").Book);
        var (book, report) = Make("llama-3.1-8b hc1 1", utilisation: 0.9, cards: 700);
        sheet["utilisation"] = 0.9;
        sheet["cards_per_model"] = 700;
        Assert.Multiple(() =>
        {
            foreach (var key in new[] { "usd_per_million_tokens", "usd_per_thousand_requests", "electricity_usd_per_million_tokens" })
                Assert.That(sheet[key], Is.EqualTo(report.Figures.First(f => f.Key == key).Figure.Value).Within(Tolerance).Percent, key);
            for (var i = 0; i < book.Values.Count; i++)
                Assert.That(sheet[$"npv_{i + 1}"], Is.EqualTo(book.Values[i].NetPresentUsd).Within(Tolerance).Percent);
        });
    }

    // An annuity: with equal savings s each month, NPV = s (1 − v^n) / (v^−1 − 1) − I with v the discount of a month.
    [TestCase(18, 0.1)]
    [TestCase(12, 0.0001)]
    [TestCase(240, 0.3)]
    public void The_value_is_that_of_an_annuity(int months, double rate)
    {
        var life = new ModelLife(months, rate, 1000, 10, 2);
        var month = Math.Pow(1 + rate, -1 / 12.0);
        var expected = (((2 * 30) - 10) * (1 - Math.Pow(month, months)) / ((1 / month) - 1)) - 1000;
        Assert.That(life.NetPresentUsd(30), Is.EqualTo(expected).Within(1e-6));
        // Half a month more is half of the next month's saving.
        var longer = new ModelLife(months + 0.5, rate, 1000, 10, 2).NetPresentUsd(30);
        Assert.That(longer - life.NetPresentUsd(30), Is.EqualTo(25 * Math.Pow(month, months + 1)).Within(1e-6));
    }

    [Test]
    public void LibreOffice_recalculates_to_the_same()
    {
        // It takes several seconds; the evaluator above checks the same in every run.
        if (!Shared.All)
            Assert.Ignore("set TAALAS_TEST_ALL=1 to run it");
        Tools.Need("soffice");
        using var folder = new TemporaryFolder();
        var (book, _) = Make("llama-3.2-1b hc1 1");
        WriteWorkbook.To(folder.File("costs.xlsx"), book);
        ForgetValues(folder.File("costs.xlsx"));
        using var program = System.Diagnostics.Process.Start(
            "soffice",
            [
                $"-env:UserInstallation=file://{folder.Path}/profile",
                "--headless",
                "--convert-to",
                "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
                "--outdir",
                folder.Path,
                folder.File("costs.xlsx"),
            ]
        );
        Assert.That(program.WaitForExit(TimeSpan.FromMinutes(2)), Is.True);
        foreach (var sheet in new[] { "Costs", "Life" })
        {
            var differences = File.ReadAllLines(folder.File($"costs-{sheet}.csv"))
                .Select(line => line.Split(','))
                .Where(cells => cells.Length >= 5 && cells[4].EndsWith('%'))
                .Select(cells => double.Parse(cells[4].TrimEnd('%'), System.Globalization.CultureInfo.InvariantCulture))
                .ToList();
            Assert.That(differences, Has.Count.GreaterThan(8));
            Assert.That(differences, Is.All.InRange(-0.1, 0.1), sheet);
        }
    }

    // Without the values that are stored beside formulas a reader has to calculate.
    private static void ForgetValues(string path)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Update);
        foreach (var part in zip.Entries.Where(e => e.FullName.StartsWith("xl/worksheets/", StringComparison.Ordinal)).ToList())
        {
            XDocument sheet;
            using (var read = part.Open())
                sheet = XDocument.Load(read);
            sheet.Descendants().Where(e => e.Name.LocalName == "v" && e.ElementsBeforeSelf().Any(s => s.Name.LocalName == "f")).Remove();
            var name = part.FullName;
            part.Delete();
            using var write = zip.CreateEntry(name).Open();
            sheet.Save(write);
        }
    }

    [Test]
    public void Every_input_has_its_source_and_day()
    {
        using var folder = new TemporaryFolder();
        var sheet = Open(folder, Make("llama-3.2-1b hc1 1").Book);
        using var zip = ZipFile.OpenRead(folder.File("costs.xlsx"));
        using var reader = new StreamReader(zip.GetEntry("xl/worksheets/sheet2.xml")!.Open());
        var rows = XDocument
            .Parse(reader.ReadToEnd())
            .Descendants()
            .Where(e => e.Name.LocalName == "row")
            .Skip(2)
            .Select(row => row.Elements().Select(cell => cell.Value).ToArray())
            .ToList();
        Assert.Multiple(() =>
        {
            Assert.That(rows, Has.Count.GreaterThan(40));
            Assert.That(rows.Select(r => r[0]), Is.SubsetOf(sheet.Names));
            Assert.That(rows.Select(r => r[5].Length), Is.All.GreaterThan(0), "sources");
            Assert.That(rows.Select(r => r[6]), Is.All.EqualTo(rows[0][1]), "days");
            Assert.That(rows.Select(r => r[7]).Distinct(), Is.SubsetOf(new[] { "exact", "high", "medium", "low" }));
        });
    }

    [Test]
    public void Equal_workbooks_are_equal_files_and_other_names_are_refused()
    {
        using var folder = new TemporaryFolder();
        var (book, _) = Make("llama-3.2-1b hc1 1");
        WriteWorkbook.To(folder.File("a.xlsx"), book);
        Thread.Sleep(20);
        WriteWorkbook.To(folder.File("b.xlsx"), Make("llama-3.2-1b hc1 1").Book);
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllBytes(folder.File("a.xlsx")), Is.EqualTo(File.ReadAllBytes(folder.File("b.xlsx"))));
            Assert.That(() => WriteWorkbook.To(folder.File("a.ods"), book), Throws.TypeOf<InputException>());
        });
    }
}
