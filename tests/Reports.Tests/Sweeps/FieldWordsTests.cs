using NUnit.Framework;
using TaalasSim.Reports.Sweeps;

namespace TaalasSim.Reports.Tests.Sweeps;

/// <summary>Labels of pictures and tables are words with units.</summary>
[TestFixture]
[Category("Smoke")]
public sealed class FieldWordsTests
{
    [TestCase("fabric.clock_ghz", "clock (GHz)")]
    [TestCase("service.users", "users")]
    [TestCase("watts", "power (W)")]
    [TestCase("die_mm2", "area of one die (mm²)")]
    [TestCase("technology.energy.rom_read_pj_per_bit", "energy: rom read (pJ/bit)")]
    [TestCase("prices.electricity_usd_per_kwh", "electricity (USD/kWh)")]
    [TestCase("fabric.system.link.latency_ns", "link: latency (ns)")]
    [TestCase("fabric.bank.scale_block_rows", "bank: scale block rows")]
    [TestCase("prices.pue", "pue")]
    public void A_field_or_figure_has_words(string name, string words) => Assert.That(FieldWords.Of(name), Is.EqualTo(words));
}
