using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Yield;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Cost;

[Category("Physics")]
public class YieldCostTests
{
    private static PriceBook Prices => YamlReader.Read<PriceBook>(Shared.InRepo("chips/prices/2026-11.yaml"));

    // A D = 8.15 cm² × 0.09 = 0.7335.
    [TestCase(YieldModel.Poisson, 3, 0.4802)]
    [TestCase(YieldModel.Murphy, 3, 0.5021)]
    [TestCase(YieldModel.Seeds, 3, 0.4247)]
    [TestCase(YieldModel.BoseEinstein, 3, 0.5769)]
    [TestCase(YieldModel.NegativeBinomial, 2, 0.5353)]
    [TestCase(YieldModel.NegativeBinomial, 3, 0.5188)]
    [TestCase(YieldModel.NegativeBinomial, 10, 0.4927)]
    public void The_yield_of_an_hc1_die_is_that_of_the_formula(YieldModel model, double alpha, double expected) =>
        Assert.That(DieYield.Of(model, 815, 0.09, alpha), Is.EqualTo(expected).Within(5e-5), DieYield.Formula(model));

    // N6 has 87 masks, and a field of 26 mm × 33 mm = 858 mm².
    [TestCase(87, true)]
    [TestCase(88, false)]
    [TestCase(200, false)]
    public void A_fabric_customises_no_more_masks_than_its_process_has(int masks, bool possible)
    {
        var fabric = ShapePlan.Fabric("hc1") with { CustomMasks = masks };
        Assert.That(
            () => ChipCost.CheckMasks(fabric, ShapePlan.Technology("n6")),
            possible
                ? Throws.Nothing
                : Throws.TypeOf<InputException>().With.Message.EndsWith($"custom_masks {masks} is above the 87 masks of n6")
        );
    }

    [TestCase(857.9, false)]
    [TestCase(858.1, true)]
    public void A_die_fits_the_exposure_field_or_is_told_with_both_areas(double area, bool told)
    {
        var (fabric, process) = (ShapePlan.Fabric("hc1"), ShapePlan.Technology("n6"));
        var wafer = fabric with { System = fabric.System with { WaferScale = true } };
        Assert.Multiple(() =>
        {
            Assert.That(
                DieArea.ReticleFault(area, fabric, process),
                told ? Is.EqualTo("a die of 858 mm² exceeds the exposure field of n6, 858 mm²") : Is.Null
            );
            Assert.That(DieArea.ReticleFault(2000, fabric, process), Does.StartWith("a die of 2,000 mm² exceeds"));
            Assert.That(DieArea.ReticleFault(2000, wafer, process), Is.Null);
        });
    }

    [Test]
    public void More_area_or_defects_never_raise_yield_and_none_kill_nothing() =>
        Gen.Select(Gen.Int[0, 4], Gen.Double[0, 900], Gen.Double[0, 300], Gen.Double[0, 1], Gen.Double[0.3, 20])
            .Sample(
                (model, area, more, defects, alpha) =>
                {
                    var m = (YieldModel)model;
                    var y = DieYield.Of(m, area, defects, alpha);
                    return y is > 0 and <= 1
                        && DieYield.Of(m, area + more, defects, alpha) <= y + 1e-9
                        && DieYield.Of(m, area, defects + (more / 300), alpha) <= y + 1e-9
                        && DieYield.Of(m, 0, defects, alpha) == 1;
                }
            );

    [Test]
    public void Clustering_tends_to_Poisson_when_alpha_grows() =>
        Assert.That(
            DieYield.Of(YieldModel.NegativeBinomial, 815, 0.09, 1e7),
            Is.EqualTo(DieYield.Of(YieldModel.Poisson, 815, 0.09)).Within(1e-6)
        );

    [Test]
    public void Dies_per_wafer_follow_the_usual_formula_less_edge_and_scribe()
    {
        var wafer = ShapePlan.Technology("n6").Wafer;
        // π 300² / (4 · 815) − π 300 / √(2 · 815) = 86.73 − 23.34.
        Assert.That(DieYield.GrossDiesFormula(815, 300), Is.EqualTo(63.4).Within(0.05));
        Assert.That(DieYield.GrossDies(815, wafer), Is.InRange(58, 62), "a gridded count with 3 mm edge exclusion gives 58 to 62");
    }

    [Test]
    public void At_one_density_spares_save_what_they_can_replace()
    {
        var n6 = ShapePlan.Technology("n6");
        double Lost(double without, string key = "bank.spare_rows", string value = "0")
        {
            var fabric = ShapePlan.Fabric("hc1", (key, value));
            var area = DieArea.Of(fabric, n6);
            return -Math.Log(RepairedDie.AtDensity(fabric, area, 0.09))
                - ((area.TotalMm2.Value - area.RedundancyMm2 - without) / 100 * 0.09);
        }

        var plain = DieArea.Of(ShapePlan.Fabric("hc1"), n6);
        // λ faults per bank: one spare leaves banks with two, λ²/2 each (e^−λ (1 + λ) = 1 − λ²/2 + λ³/3).
        double Two(double mm2) => Math.Pow(mm2 / 100 * 0.09, 2) / 33_024 / 2;
        Assert.Multiple(() =>
        {
            Assert.That(Lost(0), Is.Zero.Within(1e-9), "without spares Poisson over the whole die");
            Assert.That(Lost(plain.RomMm2, "bank.spare_rows", "1"), Is.EqualTo(Two(plain.RomMm2)).Within(1e-8));
            Assert.That(Lost(plain.ColumnsMm2, "bank.spare_columns", "1"), Is.EqualTo(Two(plain.ColumnsMm2)).Within(1e-8));
            // Sixteen patch rows for a mean of 0.29 faulty rows: as good as all.
            Assert.That(Lost(plain.RomMm2, "sites.patch_rows", "16"), Is.Zero.Within(1e-9));
            // One patch row: e^−m (1 + m).
            var m = plain.RomMm2 / 100 * 0.09;
            Assert.That(Lost(plain.RomMm2, "sites.patch_rows", "1"), Is.EqualTo(m - Math.Log(1 + m)).Within(1e-9));
            // One spare bank of 33,025: P(no bank fails) + P(one fails), each bank failing with 1 − e^−λ.
            var bank = plain.BanksMm2 / 100 * 0.09 / 33_024;
            Assert.That(
                Lost(plain.BanksMm2, "sites.spare_banks", "1"),
                Is.EqualTo((33_025 * bank) - Math.Log(1 + (33_025 * (Math.Exp(bank) - 1)))).Within(1e-9)
            );
        });
    }

    [Test]
    public void Clustered_defects_without_spares_give_the_negative_binomial_and_spares_only_raise_it()
    {
        var technology = ShapePlan.Technology("n6");
        var fabric = ShapePlan.Fabric("hc1");
        var area = DieArea.Of(fabric, technology);
        Assert.Multiple(() =>
        {
            foreach (var alpha in new[] { 0.5, 1, 2, 3, 10 })
            {
                var wafer = technology.Wafer with { ClusteringAlpha = technology.Wafer.ClusteringAlpha with { Value = alpha } };
                Assert.That(
                    RepairedDie.Yield(fabric, wafer, area),
                    Is.EqualTo(DieYield.Of(YieldModel.NegativeBinomial, area.TotalMm2.Value, wafer.DefectsPerCm2, alpha)).Within(1e-6),
                    $"alpha {alpha}"
                );
            }

            var before = ChipEvaluation.Yield(fabric, technology, area);
            foreach (
                var (key, value) in new[]
                {
                    ("bank.spare_rows", "1"),
                    ("bank.spare_rows", "2"),
                    ("bank.spare_columns", "1"),
                    ("sites.spare_banks", "4"),
                    ("sites.patch_rows", "8"),
                }
            )
            {
                var spared = ShapePlan.Fabric("hc1", (key, value));
                Assert.That(ChipEvaluation.Yield(spared, technology, DieArea.Of(spared, technology)), Is.GreaterThan(before), key);
            }
        });
    }

    [Test]
    public void Spares_take_area_with_their_codes_in_SRAM()
    {
        var technology = ShapePlan.Technology("n6");
        var plain = DieArea.Of(ShapePlan.Fabric("hc1"), technology);
        double Redundancy(string key, string value) => DieArea.Of(ShapePlan.Fabric("hc1", (key, value)), technology).RedundancyMm2;
        double density = technology.Memory.SramMbPerMm2;
        Assert.Multiple(() =>
        {
            Assert.That(plain.RedundancyMm2, Is.Zero);
            // 33,024 banks · 1,024 columns · 3.25 bit.
            Assert.That(Redundancy("bank.spare_rows", "1"), Is.EqualTo(109.903872 / density).Within(1e-6));
            // A bank's 256 · 1,024 codes of 3.25 bit and the logic of one of 33,024 banks.
            Assert.That(
                Redundancy("sites.spare_banks", "1"),
                Is.EqualTo((0.851968 / density) + ((plain.ColumnsMm2 + plain.BankControlMm2 + plain.ReductionMm2) / 33_024)).Within(1e-9)
            );
            Assert.That(
                Redundancy("bank.spare_columns", "1"),
                Is.EqualTo((33_024 * 256 * 3.25e-6 / density) + ((plain.ColumnsMm2 + plain.BankControlMm2 + plain.ReductionMm2) / 1024))
                    .Within(1e-6)
            );
            Assert.That(Redundancy("sites.patch_rows", "1"), Is.GreaterThan(1024 * 3.25e-6 / density).And.LessThan(0.001));
        });
    }

    [Test]
    public void A_good_hc1_die_costs_294_dollars_by_Murphy_without_repair()
    {
        var dies = DieYield.GrossDiesFormula(815, 300);
        var yield = DieYield.Of(YieldModel.Murphy, 815, 0.09);
        var free = ShapePlan.Technology("n6");
        // 9,346 / (63.4 · 0.5021) = 293.6; wafer sort adds 5 %.
        Assert.That(ChipCost.DieUsd(free, Prices, dies, yield), Is.EqualTo(294.0 * 1.05).Within(1.5));
    }

    [Test]
    public void Masks_and_weeks_follow_from_the_layers_that_change()
    {
        var masks = ShapePlan.Technology("n6").Masks;
        Assert.Multiple(() =>
        {
            Assert.That(ChipCost.CustomMasksUsd(masks, 0), Is.EqualTo(2 * 170e3));
            Assert.That(ChipCost.CustomMasksUsd(masks, 1, layersPerRespin: 1), Is.EqualTo(3 * 170e3));
            Assert.That(ChipCost.CustomMasksUsd(masks, 1, distinctDies: 4), Is.EqualTo(16 * 170e3));
            Assert.That(ChipCost.BaseMasksUsdPerModel(masks, 10), Is.EqualTo((10e6 - (2 * 170e3)) / 10));
            // 15 layers at 1.75 days are 3.75 weeks; 2 weeks of masks and 2 of assembly around them: two months.
            Assert.That(ChipCost.TurnaroundWeeks(masks), Is.EqualTo(7.75));
            Assert.That(ChipCost.TurnaroundWeeks(masks), Is.InRange(6, 10));
            Assert.That(ChipCost.FullFlowWeeks(masks) - 4, Is.EqualTo(87 * 1.75 / 7), "a full flow takes five months");
        });
    }

    [Test]
    public void A_million_tokens_cost_the_hour_over_the_tokens_of_the_hour()
    {
        var prices = ConstantFree(1.0, 1.5);
        // 4,000 USD over 1.5 years is 0.3044 USD/h; 250 W: hosting 0.25 · 857 / 8760 = 0.02446, electricity 0.25 · 0.08 · 1.2 = 0.024.
        var hour = (4000 / (1.5 * 8760)) + (0.25 * 857 / 8760) + 0.024;
        Assert.Multiple(() =>
        {
            Assert.That(ChipCost.UsdPerHour(prices, 4000, 250), Is.EqualTo(hour).Within(1e-12));
            Assert.That(ChipCost.UsdPerMillionTokens(prices, 4000, 250, 17000), Is.EqualTo(hour / 61.2).Within(1e-12));
            Assert.That(
                ChipCost.UsdPerMillionTokens(prices, 4000, 250, 17000),
                Is.LessThan(ChipCost.UsdPerMillionTokens(ConstantFree(0.5, 1.5), 4000, 250, 17000))
            );
        });
    }

    [Test]
    public void Electricity_of_a_million_hc1_tokens_is_under_half_a_tenth_of_a_cent()
    {
        // 200 to 250 W at 16,960 tok/s, 0.08 USD/kWh, PUE 1.2.
        foreach (var (watts, expected) in new[] { (200.0, 0.0003144), (250.0, 0.000393067) })
            Assert.That(watts / 1000 / (16960 * 3600 / 1e6) * Prices.ElectricityUsdPerKwh * Prices.Pue, Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void A_rented_h200_at_full_batch_costs_four_to_eleven_cents()
    {
        var prices = ConstantFree(1, 1.5);
        var rented = prices.Alternatives.Single(a => a.Name == "h200 rented");
        Assert.Multiple(() =>
        {
            Assert.That(
                ChipCost.AlternativeUsdPerMillion(rented with { Usd = rented.Usd with { Value = 2.5 } }, prices, 700, 17744),
                Is.EqualTo(0.0391369).Within(1e-6)
            );
            Assert.That(
                ChipCost.AlternativeUsdPerMillion(rented with { Usd = rented.Usd with { Value = 7 } }, prices, 700, 17744),
                Is.EqualTo(0.109583).Within(1e-6)
            );
            Assert.That(
                ChipCost.AlternativeUsdPerMillion(prices.Alternatives.Single(a => a.Name == "cheapest API"), prices, 0, 0),
                Is.EqualTo(0.03)
            );
            Assert.That(
                () => ChipCost.AlternativeUsdPerMillion(rented with { Kind = "gift" }, prices, 1, 1),
                Throws.TypeOf<InputException>()
            );
        });
    }

    [Test]
    public void One_time_costs_are_paid_back_by_the_difference()
    {
        Assert.That(ChipCost.CrossOverMillionTokens(400e3, 0.01, 0.05), Is.EqualTo(1e7).Within(1e-3));
        Assert.That(ChipCost.CrossOverMillionTokens(400e3, 0.05, 0.01), Is.EqualTo(double.PositiveInfinity));
    }

    private static PriceBook ConstantFree(double utilisation, double life)
    {
        var prices = Prices;
        return prices with
        {
            Service = prices.Service with
            {
                Utilisation = prices.Service.Utilisation with { Value = utilisation },
                LifeYears = prices.Service.LifeYears with { Value = life },
            },
        };
    }
}
