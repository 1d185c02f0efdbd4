using CsCheck;
using NUnit.Framework;
using TaalasSim.Reports.Costs;

namespace TaalasSim.Reports.Tests.Costs;

[TestFixture]
[Category("Physics")]
public sealed class MonthlyCostTests
{
    private static readonly Gen<MonthlyCost> Costs = Gen.Select(
            Gen.Double[0, 1000],
            Gen.Double[0, 1000],
            Gen.Double[0.001, 1],
            Gen.Double[10, 1e5]
        )
        .Select((o, f, e, c) => new MonthlyCost(o, f, e, c));

    [Test]
    public void One_card_pays_against_an_api_where_its_rent_is_saved()
    {
        // 100 USD a month + 0.01 a million against 0.05 a million: 100 / 0.04 = 2,500 million, below the 10,000 that one card makes.
        var card = new MonthlyCost(0, 100, 0.01, 10_000);
        var api = new MonthlyCost(0, 0, 0.05, double.PositiveInfinity);
        Assert.That(card.CrossOver(api), Is.EqualTo(2500).Within(1e-9));
    }

    [Test]
    public void A_card_that_is_full_before_it_pays_never_does()
    {
        // At 1,000 million the card costs 100 + 10 against 50; from there each further million 0.11 against 0.05.
        Assert.That(
            new MonthlyCost(0, 100, 0.01, 1000).CrossOver(new MonthlyCost(0, 0, 0.05, double.PositiveInfinity)),
            Is.EqualTo(double.PositiveInfinity)
        );
    }

    [Test]
    public void Own_masks_are_paid_by_cards_that_hold_more()
    {
        // 1,000 a month for masks; beyond 10 million the GPU costs 100 for each 10 million, the card 100 for each 1,000: 1,100 + 0 = 10 V
        // at V = 110.
        Assert.That(new MonthlyCost(1000, 100, 0, 1000).CrossOver(new MonthlyCost(0, 100, 0, 10)), Is.EqualTo(110).Within(1e-9));
    }

    [Test]
    public void The_cheaper_from_the_start_pays_at_once() =>
        Assert.That(new MonthlyCost(0, 50, 0, 1000).CrossOver(new MonthlyCost(0, 100, 0, 10)), Is.Zero);

    [Test]
    public void Before_the_crossing_it_is_dearer_and_at_it_it_is_not() =>
        Gen.Select(Costs, Costs)
            .Sample(
                (a, b) =>
                {
                    var at = a.CrossOver(b);
                    var before = double.IsInfinity(at) ? 1e7 : 0.99 * at;
                    return (double.IsInfinity(at) || a.At(at) <= b.At(at) + Tolerance(at))
                        && (at == 0 || a.At(before) >= b.At(before) - Tolerance(before));

                    // Of what is added up there.
                    double Tolerance(double millionTokens) => 1e-9 * (1 + a.At(millionTokens) + b.At(millionTokens));
                },
                iter: 2000
            );
}
