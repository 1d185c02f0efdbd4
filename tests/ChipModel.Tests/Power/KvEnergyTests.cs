using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Tests.Chip;

namespace TaalasSim.ChipModel.Tests.Power;

[Category("Physics")]
public class KvEnergyTests
{
    private static readonly EnergyConstants Energy = ShapePlan.Technology("n6").Energy;

    private static double Pj(double kib, int portBytes, double? capacity, double? width)
    {
        var fabric = ShapePlan.Fabric("hc1");
        Constant? Of(double? value) => value is { } v ? Constant.Exact(v, "1", "test") : null;
        return CardPower.KvPjPerBit(
            fabric with
            {
                KvSram = fabric.KvSram with
                {
                    CapacityMb = kib * 1024 * fabric.KvSram.Banks / 1e6,
                    PortBytes = portBytes,
                    CapacityExponent = Of(capacity),
                    WidthExponent = Of(width),
                },
            },
            Energy
        );
    }

    [Test]
    public void Without_exponents_every_bank_costs_what_the_process_states() =>
        Assert.That(Pj(4096, 1, null, null), Is.EqualTo((double)Energy.SramPjPerBit));

    [Test]
    public void A_bank_of_32_KiB_with_a_port_of_64_bits_costs_what_the_process_states() =>
        Assert.That(Pj(32, 8, 0.12, 0.2), Is.EqualTo((double)Energy.SramPjPerBit).Within(1e-9).Percent);

    // Jouppi et al., ISCA 2021: 7.5, 8.5 and 14 pJ for 8 KB, 32 KB and 1 MB; 0.12 lies between 0.09 and 0.14.
    [TestCase(8, 7.5 / 8.5)]
    [TestCase(1024, 14 / 8.5)]
    public void The_exponent_of_the_capacity_follows_the_published_accesses(double kib, double ratio) =>
        Assert.That(Pj(kib, 8, 0.12, null) / Energy.SramPjPerBit, Is.EqualTo(ratio).Within(10).Percent);

    [Test]
    public void A_larger_bank_never_costs_less_and_a_wider_port_never_more() =>
        Gen.Select(Gen.Double[1, 4096], Gen.Double[1, 10], Gen.Int[1, 512], Gen.Int[1, 8], Gen.Double[0, 1], Gen.Double[0, 1])
            .Sample(
                (kib, times, bytes, wider, a, b) =>
                    Pj(kib * times, bytes, a, b) >= Pj(kib, bytes, a, b) * (1 - 1e-12)
                    && Pj(kib, bytes * wider, a, b) <= Pj(kib, bytes, a, b) * (1 + 1e-12),
                iter: 100
            );
}
