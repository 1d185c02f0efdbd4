using NUnit.Framework;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Pages;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Charts;

/// <summary>The picture of the README is the one that its command makes now.</summary>
[Category("Validation")]
public sealed class ReadmePictureTests
{
    [Test]
    public void The_readme_shows_the_current_figures()
    {
        Assert.That(
            File.ReadAllText(Shared.InRepo("README.md")),
            Does.Contain("](docs/images/service-map.svg)")
                .And.Contain(
                    "./taalas report llama-3.1-8b --against h200,b200,h100-sxm -o out/hc1 && cp out/hc1/service-map.svg docs/images`"
                )
        );
        var library = new DesignLibrary(Shared.InRepo("chips"));
        var plan = DesignLibrary.Plan(library.Shape("llama-3.1-8b"), library.Fabric("hc1"), "rom3");
        using var picture = ServiceMapChart.Draw(
            ReportPictures.Map(BuildComparison.From(library, plan, ["h200", "b200", "h100-sxm"], 1000, 1000, 0))
        );
        Assert.That(picture.Svg(), Is.EqualTo(File.ReadAllText(Shared.InRepo("docs/images/service-map.svg"))));
    }
}
