using System.Text.RegularExpressions;
using System.Xml.Linq;
using CsCheck;
using NUnit.Framework;
using TaalasSim.Reports.Pages;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Pages;

[TestFixture]
[Category("Smoke")]
public sealed class ReportPageTests
{
    private const string Nasty = "<script>alert('1')</script> & \"q\" \u0001";

    [Test]
    public void The_page_is_well_formed_and_has_every_section()
    {
        var page = Parse(Render(SampleReport.Data()));
        Assert.Multiple(() =>
        {
            Assert.That(
                page.Descendants("h2").Select(h => h.Value),
                Is.EqualTo(
                    new[]
                    {
                        "The answer",
                        "Does it still say the same?",
                        "Where time, area and power go",
                        "Floorplan",
                        "The two mask layers",
                        "What moves the headline",
                        "Cost and cross-over",
                        "The sweep",
                        "The chip",
                        "What limits each system",
                        "Assumptions and sources",
                        "Make this report again",
                    }
                )
            );
            // Floorplan, four of the masks and the sweep; what has figures is drawn in the page itself.
            Assert.That(page.Descendants("img").Count(), Is.EqualTo(6));
            Assert.That(page.Descendants("img").All(i => i.Attribute("alt")!.Value.Length > 20), Is.True);
            Assert.That(page.Descendants("td").Select(d => d.Value), Does.Contain("a < b & \"c\""));
            Assert.That(page.Value, Does.Contain(SampleReport.Data().Constants.Sha256));
        });
    }

    [Test]
    public void The_first_tables_have_each_figure_its_interval_and_the_ratio_of_one_service_point()
    {
        var page = Parse(Render(SampleReport.Data()));
        var tables = page.Descendants("table").Where(t => (string?)t.Attribute("class") == "answer").ToList();
        string[] Row(int table, string label) =>
            [
                .. tables[table]
                    .Descendants("tr")
                    .Single(r => r.Elements().FirstOrDefault()?.Value == label)
                    .Elements()
                    .Skip(1)
                    .Select(c => c.Value),
            ];
        Assert.Multiple(() =>
        {
            Assert.That(tables, Has.Count.EqualTo(2));
            // 16,900 over 200, and 0.85 × 16,900 over 1.15 × 200.
            Assert.That(
                Row(0, "speed per user, tokens/s"),
                Is.EqualTo(new[] { "16,90014,400 – 19,400", "200170 – 230", "84.5better62.5 – 114" })
            );
            Assert.That(
                Row(1, "aggregate throughput, tokens/s"),
                Is.EqualTo(new[] { "48,00040,800 – 55,200", "36,00030,600 – 41,400", "1.33open0.986 – 1.80" })
            );
            Assert.That(Row(0, "power, W")[2], Is.EqualTo("0.417better0.308 – 0.564"));
            Assert.That(Row(1, "users at once"), Is.EqualTo(new[] { "4", "800", "" }));
            Assert.That(Row(0, "silicon, cards"), Is.EqualTo(new[] { "1 card", "1 card", "" }));
            Assert.That(page.Value, Does.Contain("One user gets 16,900 tokens/s from the chip, 84.5 times as many as from H200"));
            Assert.That(page.Value, Does.Contain("one sequence of 2,000 tokens does not fit"));
        });
    }

    [Test]
    public void Every_part_has_its_interval_as_text_and_as_a_line()
    {
        var page = Parse(Render(SampleReport.Data()));
        var where = page.Descendants("div").Single(d => (string?)d.Attribute("id") == "where");
        var time = where.Descendants("table").First();
        var row = time.Descendants("tr").First();
        Assert.Multiple(() =>
        {
            Assert.That(time.Element("caption")!.Value, Is.EqualTo("Time of one token: 60.0 (51.0 – 69.0) µs"));
            Assert.That(row.Value, Does.Contain("40.0 µs").And.Contain("66.7 %").And.Contain("34.0 – 46.0"));
            // The scale ends at the longest interval, 1.15 × 40: the bar takes 1 / 1.15 of it, the interval 0.85 / 1.15 to 1.
            Assert.That(
                row.Descendants("rect").Select(r => ((string?)r.Attribute("x"), (string?)r.Attribute("width"))).Take(2),
                Is.EqualTo(new[] { ("0", "86.96"), ("73.91", "26.09") })
            );
        });
    }

    [Test]
    public void Pictures_follow_the_theme_have_a_view_box_and_words()
    {
        var page = Parse(Render(SampleReport.Data()));
        var drawings = page.Descendants("svg").ToList();
        Assert.Multiple(() =>
        {
            Assert.That(drawings, Has.Count.GreaterThan(5));
            Assert.That(drawings.Select(d => (string?)d.Attribute("viewBox")), Has.None.Null);
            Assert.That(
                drawings,
                Has.All.Matches<XElement>(d => d!.Attribute("aria-hidden") is not null || d!.Element("title") is not null)
            );
            Assert.That(drawings.Descendants().Attributes().Select(a => a.Name.LocalName), Has.None.AnyOf("fill", "stroke", "style"));
        });
    }

    [Test]
    public void Text_from_outside_cannot_become_markup()
    {
        var text = Render(
            Plain(SampleReport.Data(Nasty, Nasty)) with
            {
                Chip = [new Fact(Nasty, Nasty, Nasty)],
                Costs = SampleReport.Costs(Nasty),
                SweepPoints = SampleReport.Points(Nasty),
                Quality = new QualityFacts([new Fact(Nasty, Nasty, Nasty)], Nasty),
                Commands = [Nasty],
                Remarks = [Nasty],
                Moves = [SampleReport.Moves(Nasty)],
                Product = Nasty,
            }
        );
        var page = Parse(text);
        Assert.Multiple(() =>
        {
            Assert.That(page.Descendants("script"), Is.Empty);
            Assert.That(text, Does.Not.Contain("<script"));
            Assert.That(page.Element("head")!.Element("title")!.Value, Is.EqualTo("<script>alert('1')</script> & \"q\" \ufffd"));
        });
    }

    [Test]
    public void The_page_asks_nothing_of_any_server()
    {
        var text = Render(SampleReport.Data());
        var page = Parse(text);
        Assert.Multiple(() =>
        {
            Assert.That(
                page.Descendants()
                    .Attributes()
                    .Where(a => a.Name.LocalName is "src" or "href")
                    .All(a => a.Value == "#answer" || a.Value.StartsWith("data:image/png;base64,", StringComparison.Ordinal)),
                Is.True
            );
            Assert.That(Regex.IsMatch(text, @"url\(|@import|<link|<script|<iframe", RegexOptions.IgnoreCase), Is.False);
            Assert.That(
                page.Descendants("meta").Select(m => (string?)m.Attribute("content")),
                Does.Contain("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
            );
        });
    }

    [Test]
    public void The_folder_holds_the_page_and_each_picture_twice_and_the_same_bytes_again()
    {
        using var folder = new TemporaryFolder();
        var paths = ReportFiles.Write(SampleReport.Data(), folder.Path);
        var page = File.ReadAllBytes(paths[0]);
        // For eyes: the page of the last run lies beside the test assembly.
        File.Copy(paths[0], Path.Combine(TestContext.CurrentContext.WorkDirectory, "report.html"), overwrite: true);
        ReportFiles.Write(SampleReport.Data(), folder.Path);
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllBytes(paths[0]), Is.EqualTo(page));
            Assert.That(
                Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal),
                Is.EqualTo(
                    new[]
                    {
                        "area",
                        "floorplan",
                        "latency",
                        "mask-bank",
                        "mask-density",
                        "mask-straps",
                        "mask-vias",
                        "power",
                        "service-map",
                        "sweep",
                    }
                        .SelectMany(n => new[] { n + ".png", n + ".svg" })
                        .Append("report.html")
                        .Order(StringComparer.Ordinal)
                )
            );
        });
    }

    [Test]
    public void A_report_without_optional_parts_leaves_their_sections_out()
    {
        var page = Parse(Render(Plain(SampleReport.Data()) with { Costs = null }));
        Assert.That(
            page.Descendants("h2").Select(h => h.Value),
            Is.EqualTo(new[] { "The answer", "The chip", "What limits each system", "Assumptions and sources", "Make this report again" })
        );
    }

    [Test]
    public void Any_text_makes_well_formed_markup_that_reads_back()
    {
        Gen.String.Sample(text =>
        {
            var html = new HtmlWriter().Element("p", text, ("title", text)).ToString();
            var p = XDocument.Parse(html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal), LoadOptions.PreserveWhitespace).Root!;
            var plain = text.All(c =>
                c >= ' ' && !char.IsSurrogate(c) && c is not ('\u007f' or '\ufffe' or '\uffff') && c is < '\u0080' or > '\u009f'
            );
            return !plain || (p.Value == text && p.Attribute("title")!.Value == text);
        });
    }

    private static ReportData Plain(ReportData data) =>
        data with
        {
            Latency = null,
            Where = null,
            Quality = null,
            Moves = [],
            SweepPoints = null,
            Floorplan = null,
            Masks = null,
            Sweep = null,
        };

    private static string Render(ReportData data)
    {
        var pictures = ReportPictures.Draw(data);
        var text = ReportPage.Render(data, pictures);
        foreach (var picture in pictures)
            picture.Dispose();
        return text;
    }

    private static XElement Parse(string page) => XDocument.Parse(page.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal)).Root!;
}
