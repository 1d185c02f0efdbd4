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
                        "The chip",
                        "Where the time goes",
                        "Area and power",
                        "Floorplan",
                        "The two mask layers",
                        "Sweep",
                        "Comparison",
                        "Cost",
                        "Constants behind the figures",
                        "How to repeat this report",
                    }
                )
            );
            Assert.That(page.Descendants("img").Count(), Is.EqualTo(10));
            Assert.That(page.Descendants("img").All(i => i.Attribute("alt")!.Value.Length > 20), Is.True);
            Assert.That(page.Descendants("td").Select(d => d.Value), Does.Contain("a < b & \"c\""));
            Assert.That(page.Value, Does.Contain(SampleReport.Data().Constants.Sha256));
        });
    }

    [Test]
    public void Both_views_of_every_system_stand_in_the_tables_with_intervals()
    {
        var page = Parse(Render(Plain(SampleReport.Data())));
        var tables = page.Descendants("table").Where(t => t.Element("caption") is not null).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(tables, Has.Count.EqualTo(2));
            Assert.That(tables[0].Value, Does.Contain("16,900").And.Contain("14,400 – 19,400").And.Contain("190"));
            Assert.That(
                tables[1].Value,
                Does.Contain("48,000").And.Contain("36,000").And.Contain("one sequence of 2,000 tokens does not fit")
            );
        });
    }

    [Test]
    public void Text_from_outside_cannot_become_markup()
    {
        var text = Render(
            Plain(SampleReport.Data(Nasty, Nasty)) with
            {
                Chip = [new Fact(Nasty, Nasty, Nasty)],
                Cost = [new Fact(Nasty, Nasty, Nasty)],
                Commands = [Nasty],
                Remarks = [Nasty],
                MostSensitive = [Nasty],
                Product = Nasty,
            }
        );
        var page = Parse(text);
        Assert.Multiple(() =>
        {
            Assert.That(page.Descendants("script"), Is.Empty);
            Assert.That(text, Does.Not.Contain("<script"));
            Assert.That(page.Descendants("title").Single().Value, Is.EqualTo("<script>alert('1')</script> & \"q\" \ufffd"));
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
                    .All(a => a.Value.StartsWith("data:image/png;base64,", StringComparison.Ordinal)),
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
        var page = Parse(Render(Plain(SampleReport.Data()) with { Cost = [] }));
        Assert.That(
            page.Descendants("h2").Select(h => h.Value),
            Is.EqualTo(new[] { "The answer", "The chip", "Comparison", "Constants behind the figures", "How to repeat this report" })
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
            Area = null,
            Power = null,
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
