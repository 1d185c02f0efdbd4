using NUnit.Framework;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.Compiler.Fit;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Placement;
using TaalasSim.Compiler.Quantize;
using TaalasSim.Compiler.Tests.Steps;

namespace TaalasSim.Compiler.Tests.Fit;

/// <summary>What <c>fit</c> proposes for models that do not fit is what makes them fit.</summary>
[TestFixture]
[Category("Compiler")]
public sealed class FitChangeTests
{
    [Test]
    public void A_model_of_too_many_weights_needs_fewer_bits_more_rows_of_sites_or_more_dies()
    {
        var report = Check("llama-3.1-8b", Descriptions.Fabric("hc1"), "rom4");
        Assert.Multiple(() =>
        {
            Assert.That(report.Binding.Name, Is.EqualTo("bank sites"));
            Assert.That(report.Changes[0], Does.StartWith("--weights rom3 (3.25"));
            Assert.That(report.Changes, Does.Contain("2 dies instead of 1 (--chips)"));
            Assert.That(report.Changes, Has.None.Contains("(sites.rows)"), "a larger die would not fit the exposure field");
            Assert.That(
                Check("llama-3.1-8b", Descriptions.Fabric("hc1"), "rom4", reticle: false).Changes,
                Has.Some.Contains("(sites.rows)")
            );
            Assert.That(Check("llama-3.1-8b", Descriptions.Fabric("hc1"), "rom3").Fits, Is.True);
            Assert.That(Check("llama-3.1-8b", Descriptions.Fabric("hc1") with { Dies = 2 }, "rom4").Fits, Is.True);
        });
    }

    [Test]
    public void Keys_and_values_that_do_not_fit_need_a_shorter_context_or_fewer_users_or_bits_or_more_memory()
    {
        var report = Check("llama-3.1-8b", Descriptions.Fabric("hc1"), "rom3", 2000, 3);
        Assert.Multiple(() =>
        {
            Assert.That(report.Binding.Name, Is.EqualTo("KV SRAM"));
            // 261 MB over 65,536 B and three users; 3 · 2,000 · 65,536 B = 393.2 MB.
            Assert.That(
                report.Changes,
                Does.Contain("--context 1327 with 3 user(s)")
                    .And.Contain("--users 1 at 2000 tokens")
                    .And.Contain("keys and values of 4 bits instead of 8 (numerics.kv_bits)")
            );
            Assert.That(
                Check("llama-3.1-8b", Descriptions.Fabric("hc1"), "rom3", 2000, 3, reticle: false).Changes,
                Has.Some.Contains("KV SRAM of 394 MB a die instead of 261")
            );
            Assert.That(Check("llama-3.1-8b", Descriptions.Fabric("hc1"), "rom3", 1327, 3).Fits, Is.True);
            Assert.That(Check("llama-3.1-8b", Descriptions.Fabric("hc1"), "rom3", 1328, 3).Fits, Is.False);
        });
    }

    [Test]
    public void Where_no_single_change_suffices_all_that_are_needed_are_named_together()
    {
        var report = Check("llama-3.1-8b", Descriptions.Fabric("hc1"), "rom4", 8000, 9);
        Assert.That(report.Changes, Has.Count.EqualTo(1));
        Assert.That(
            report.Changes[0],
            Does.Contain("--weights rom3").And.Contain("--users 4").And.Contain("--context").And.EndsWith("(no single change suffices)")
        );
    }

    [Test]
    public void Head_room_is_what_still_fits_and_no_more()
    {
        var hc1 = Descriptions.Fabric("hc1");
        var report = Check("llama-3.1-8b", hc1, "rom3", 1000, 1);
        var users = int.Parse(
            report.HeadRoom.Single(h => h.Contains("users at", StringComparison.Ordinal)).Split(' ')[0],
            System.Globalization.CultureInfo.InvariantCulture
        );
        var context = int.Parse(
            report.HeadRoom.Single(h => h.Contains("tokens for each", StringComparison.Ordinal)).Split(' ')[0],
            System.Globalization.CultureInfo.InvariantCulture
        );
        Assert.Multiple(() =>
        {
            Assert.That(Check("llama-3.1-8b", hc1, "rom3", 1000, users).Fits, Is.True);
            Assert.That(Check("llama-3.1-8b", hc1, "rom3", 1000, users + 1).Fits, Is.False);
            Assert.That(Check("llama-3.1-8b", hc1, "rom3", context, 1).Fits, Is.True);
            Assert.That(Check("llama-3.1-8b", hc1, "rom3", context + 1, 1).Fits, Is.False);
            Assert.That(report.Resources.Select(r => r.Left), Is.EqualTo(report.Resources.Select(r => r.Available - r.Used)));
        });
    }

    private static FitReport Check(string model, FabricSpec fabric, string weights, int context = 1000, int users = 1, bool reticle = true)
    {
        var graph = BuildModelGraph.From(Descriptions.Shape(model), ShapeTraits.Plain);
        var formats = ChooseCodeFormats.ForShape(graph, weights);
        return CheckFit.Of(
            PlaceModel.Place(graph, fabric, formats, 0),
            graph,
            formats,
            context,
            users,
            reticle ? Descriptions.Technology(fabric.Technology) : null
        );
    }
}
