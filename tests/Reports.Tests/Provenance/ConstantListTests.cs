using NUnit.Framework;
using TaalasSim.Reports.Provenance;
using TaalasSim.Reports.Tests.Pages;

namespace TaalasSim.Reports.Tests.Provenance;

[TestFixture]
[Category("Smoke")]
public sealed class ConstantListTests
{
    [Test]
    public void The_hash_tells_lists_apart_and_not_their_order()
    {
        var list = SampleReport.Constants(0.07);
        var turned = ConstantList.Of(list.Items.Reverse());
        Assert.Multiple(() =>
        {
            Assert.That(turned.Sha256, Is.EqualTo(list.Sha256));
            Assert.That(SampleReport.Constants(0.08).Sha256, Is.Not.EqualTo(list.Sha256));
            Assert.That(list.Items.Select(i => i.Path), Is.Ordered);
            Assert.That(
                list.Text(),
                Does.StartWith("technology.energy.rom_read_pj_per_bit\t0.07\t0.02\t0.12\tpJ/bit\tlow\ta < b & \"c\"\n")
            );
        });
    }
}
