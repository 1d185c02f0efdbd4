using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using NUnit.Framework;
using TaalasSim.Reports.Pages;

namespace TaalasSim.Reports.Tests.Pages;

/// <summary>The page's own script and data, and the policy that lets nothing else run.</summary>
[TestFixture]
[Category("Smoke")]
public sealed class LiveSectionTests
{
    private const string Nasty = "</script><script>alert(1)</script>&\"]]>";

    [Test]
    public void The_policy_allows_the_one_script_that_is_there_by_its_digest()
    {
        var page = Page(Live("h200"));
        var scripts = page.Descendants("script").ToList();
        var run = scripts.Where(s => s.Attribute("type") is null).ToList();
        var policy = page.Descendants("meta").Select(m => (string?)m.Attribute("content")).Single(c => c?.Contains("default-src") == true);
        // What a browser takes the digest of: everything between the tags.
        var text = $"//<![CDATA[{run[0].Value["//".Length..]}]]>";
        var digest = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        Assert.Multiple(() =>
        {
            Assert.That(run, Has.Count.EqualTo(1));
            Assert.That(
                scripts.Where(s => s.Attribute("type") is not null).Select(s => (string?)s.Attribute("type")),
                Has.All.EqualTo("text/plain")
            );
            Assert.That(
                policy,
                Is.EqualTo(
                    $"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}' blob: 'wasm-unsafe-eval'"
                )
            );
            Assert.That(page.Descendants("details").Single(d => (string?)d.Attribute("id") == "live").Attribute("hidden"), Is.Not.Null);
        });
    }

    [Test]
    public void Names_from_outside_are_data_and_controls_have_labels()
    {
        var page = Page(Live(Nasty));
        var controls = page.Descendants().Where(e => e.Attribute("data-key") is not null).ToList();
        var design = page.Descendants("script").Single(s => (string?)s.Attribute("id") == "live-design").Value;
        Assert.Multiple(() =>
        {
            Assert.That(page.Descendants("script").Count(), Is.EqualTo(4));
            Assert.That(
                design.Split('\n').Select(l => Encoding.UTF8.GetString(Convert.FromBase64String(l))),
                Is.EqualTo(new[] { Nasty, "hc1", "rom3", Nasty, "1000", "500", "0.5" })
            );
            Assert.That(controls.Select(c => c.Name.LocalName), Is.EqualTo(new[] { "input", "select" }));
            Assert.That(
                page.Descendants("label").Select(l => (string?)l.Attribute("for")),
                Is.EqualTo(controls.Select(c => (string?)c.Attribute("id")))
            );
            Assert.That(controls[1].Elements("option").Select(o => o.Value), Is.EqualTo(new[] { "as many as each holds", Nasty }));
        });
    }

    [TestCase("var a = '</script>';")]
    [TestCase("var a = b[c[0]]>1;")]
    public void A_script_that_would_end_its_element_is_refused(string script) =>
        Assert.That(() => new HtmlWriter().Script(script), Throws.ArgumentException);

    private static LivePage Live(string name) =>
        new(
            new LiveDesign
            {
                Model = name,
                Fabric = "hc1",
                Weights = "rom3",
                Gpus = [name],
                InputTokens = 1000,
                OutputTokens = 500,
                Utilisation = 0.5,
            },
            [
                new LiveControl("clock_ghz", "clock (GHz)", ["1", "1.5"], 1, []),
                new LiveControl("users", "users", ["0", "1"], 0, ["as many as each holds", name]),
            ],
            [("dotnet.js", [1, 2, 3])],
            [("models/a.yaml", [4])]
        );

    private static XElement Page(LivePage live)
    {
        var text = ReportPage.Render(SampleReport.Data() with { Live = live }, []);
        return XDocument.Parse(text.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal), LoadOptions.PreserveWhitespace).Root!;
    }
}
