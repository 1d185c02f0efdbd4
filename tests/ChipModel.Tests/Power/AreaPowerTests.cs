using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Tests.Power;

[Category("Physics")]
public class AreaPowerTests
{
    [Test]
    public void Every_further_position_of_a_read_has_columns_and_reduction_of_its_own_and_no_array()
    {
        var fabric = ShapePlan.Fabric("hc1");
        var technology = ShapePlan.Technology("n6");
        AreaBreakdown Of(int positions) => DieArea.Of(fabric with { Bank = fabric.Bank with { PositionsPerRead = positions } }, technology);
        var (one, two, five) = (Of(1), Of(2), Of(5));
        Assert.Multiple(() =>
        {
            Assert.That(two.ColumnsMm2, Is.EqualTo(2 * one.ColumnsMm2).Within(1e-9).Percent);
            Assert.That(five.ColumnsMm2, Is.EqualTo(5 * one.ColumnsMm2).Within(1e-9).Percent);
            Assert.That(five.ReductionMm2, Is.EqualTo(5 * one.ReductionMm2).Within(1e-9).Percent);
            Assert.That(five.RomMm2, Is.EqualTo(one.RomMm2));
            Assert.That(five.KvSramMm2, Is.EqualTo(one.KvSramMm2));
            Assert.That(two.BankControlMm2, Is.InRange(one.BankControlMm2, 2 * one.BankControlMm2));
        });
    }

    [Test]
    public void A_column_of_the_hc1_is_counted_gate_by_gate()
    {
        // Codes of 3 bits: m or −(m + 1) with m in two bits, so four lines of 10 bits. Decoder: two bits true and complemented, four gates
        // of two inputs. Selector: half a gate an input, and an exclusive or a bit for the sign. Block sum of 15 bits: 10 full adders, 5
        // half adders (2.25 + 1.5), a gate for the carry, a register with its clear, a latch in 31 of 32 columns.
        const double column =
            (2 * 2 * 2.25) + (4 * 1) + (10 * ((4 * 0.5) + 2.25)) + (10 * 3.5) + (5 * 3.75) + 1.5 + (15 * (1.5 + 5)) + (15 * 3.75 * 31 / 32);
        // Scale unit of 32 columns: choice among 32 sums of 15 bits; difference and its register; 8 × 15 partial products, 7 rows of 16
        // adders, 23 bits of register; 27 adders, clear, limit and register of 26 bits, test of two bits.
        const double unit =
            (15 * 32 * 0.5)
            + (15 * (3.5 + 0.75 + 5))
            + (8 * 15 * 1.5)
            + (7 * 16 * 3.5)
            + (23 * 5)
            + (27 * 3.5)
            + (26 * (1.5 + 1.5 + 5))
            + (2 * 1.5);
        const double expected = column + (unit / 32);
        var gates = ShapePlan.Fabric("hc1").Bank.Gates(8, ShapePlan.Technology("n6").Logic);
        Assert.That(gates.ColumnsGe / gates.Columns, Is.EqualTo(expected).Within(1e-9));
    }

    [Test]
    public void Rom_area_is_bits_over_density_times_the_factor()
    {
        var area = DieArea.Of(ShapePlan.Fabric("hc1"), ShapePlan.Technology("n6", ("calibration.area", "0.7")));
        Assert.That(area.RomMm2, Is.EqualTo(33024.0 * 256 * 1024 * 3.25 / 57.8e6 * 0.7).Within(1e-6));
    }

    [Test]
    public void Parts_sum_to_the_die_and_to_the_card()
    {
        var (area, power) = Card(ShapePlan.Fabric("hc1"), 17000);
        Assert.Multiple(() =>
        {
            Assert.That(area.Parts.Sum(p => p.Area.Value), Is.EqualTo(area.TotalMm2.Value).Within(1e-9));
            Assert.That(power.Parts.Sum(p => p.Power.Value), Is.EqualTo(power.TotalWatts.Value).Within(1e-9));
        });
    }

    [Test]
    public void Larger_fabrics_are_never_smaller_dies()
    {
        var keys = new[]
        {
            "bank.rows",
            "bank.columns",
            "bank.rom_bits_per_weight",
            "sites.rows",
            "vector.lanes",
            "kv_sram.banks",
            "kv_sram.capacity_mb",
            "card.pcie_lanes",
            "bank.spare_rows",
        };
        var technology = ShapePlan.Technology("n6");
        Gen.Select(Gen.Int[0, keys.Length - 1], Gen.Int[2, 4])
            .Sample(
                (key, times) =>
                {
                    var fabric = ShapePlan.Fabric("demo", ("bank.spare_rows", "1"));
                    double now = keys[key] switch
                    {
                        "bank.rows" => fabric.Bank.Rows,
                        "bank.columns" => fabric.Bank.Columns,
                        "bank.rom_bits_per_weight" => fabric.Bank.RomBitsPerWeight,
                        "sites.rows" => fabric.Sites.Rows,
                        "vector.lanes" => fabric.Vector.Lanes,
                        "kv_sram.banks" => fabric.KvSram.Banks,
                        "kv_sram.capacity_mb" => fabric.KvSram.CapacityMb,
                        "card.pcie_lanes" => fabric.Card.PcieLanes,
                        _ => 1,
                    };
                    var larger = ShapePlan.Fabric(
                        "demo",
                        ("bank.spare_rows", "1"),
                        (keys[key], FormattableString.Invariant($"{now * times}"))
                    );
                    return DieArea.Of(larger, technology).TotalMm2.Value > DieArea.Of(fabric, technology).TotalMm2.Value;
                },
                iter: 30,
                threads: 1
            );
    }

    [Test]
    public void The_tokens_activity_counts_every_weight_once()
    {
        var plan = ShapePlan.Hc1Llama();
        var activity = TokenActivity.Of(plan, BuildTokenSchedule.From(plan));
        // Output: 126 segments of 1,024 columns hold 128,256 outputs; the rest is filled exactly. The embedding is read, not multiplied.
        const double padded = 7_504_658_432.0 + (4096.0 * ((126 * 1024) - 128_256));
        Assert.Multiple(() =>
        {
            Assert.That(activity.ColumnOperations, Is.EqualTo(padded));
            Assert.That(activity.RomBits, Is.EqualTo((padded * 3.25) + (4096 * 3.25)));
            Assert.That(activity.RowReads, Is.EqualTo((padded / 1024) + 4096));
            Assert.That(activity.QueriesPerRead, Is.EqualTo(4));
        });
    }

    [Test]
    public void Kv_bits_of_a_token_are_keys_and_values_of_the_context()
    {
        var schedule = BuildTokenSchedule.From(ShapePlan.Hc1Llama());
        var (_, bits, read) = TokenActivity.AtContext(schedule, 1500);
        Assert.Multiple(() =>
        {
            Assert.That(read, Is.EqualTo(65_536.0 * 8 * 1500));
            Assert.That(bits - read, Is.EqualTo(65_536.0 * 8));
        });
    }

    [Test]
    public void Power_rises_with_the_rate_and_an_idle_card_still_leaks()
    {
        var fabric = ShapePlan.Fabric("hc1");
        var (_, idle) = Card(fabric, 0);
        Gen.Select(Gen.Double[0, 20000], Gen.Double[1, 5000])
            .Sample(
                (rate, more) => Card(fabric, rate).Power.TotalWatts.Value < Card(fabric, rate + more).Power.TotalWatts.Value,
                iter: 20,
                threads: 1
            );
        Assert.That(idle.RomWatts + idle.ColumnsWatts + idle.KvSramWatts, Is.Zero);
        Assert.That(idle.LeakageWatts, Is.Positive);
    }

    [Test]
    public void Junction_temperature_is_the_fixed_point_of_heat_and_leakage()
    {
        var fabric = ShapePlan.Fabric("hc1");
        var (area, power) = Card(fabric, 17000);
        Assert.That(power.JunctionCelsius, Is.EqualTo(35 + (90 * power.DieWatts.Value / area.TotalMm2.Value)).Within(1e-6));
        Assert.That(power.ClockFraction, Is.EqualTo(1));
    }

    [Test]
    public void A_chip_that_would_be_too_hot_is_throttled_to_its_limit()
    {
        var technology = ShapePlan.Technology("n6", ("thermal.resistance_k_mm2_per_watt", "800"));
        var (area, power) = Card(ShapePlan.Fabric("hc1"), 17000, technology);
        Assert.Multiple(() =>
        {
            Assert.That(power.ClockFraction, Is.InRange(0.3, 0.99));
            Assert.That(power.JunctionCelsius, Is.EqualTo(105));
            Assert.That(power.DieWatts.Value * 800 / area.TotalMm2.Value, Is.EqualTo(105 - 35).Within(1e-6));
        });
    }

    private static (AreaBreakdown Area, PowerBreakdown Power) Card(FabricSpec fabric, double rate, TechnologySpec? technology = null)
    {
        var plan = ShapePlan.Of(ShapePlan.Llama8B, fabric);
        var schedule = BuildTokenSchedule.From(plan);
        technology ??= ShapePlan.Technology("n6");
        var area = DieArea.Of(fabric, technology);
        return (area, CardPower.At(fabric, technology, area, TokenActivity.Of(plan, schedule), schedule, 1500, rate));
    }
}
