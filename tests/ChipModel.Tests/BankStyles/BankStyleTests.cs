using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.BankStyles;

[Category("Physics")]
public class BankStyleTests
{
    private static readonly LogicConstants Logic = ShapePlan.Technology("n6").Logic;

    [Test]
    public void A_ternary_column_is_counted_gate_by_gate()
    {
        // Activations of 8 bits, 256 rows: sums of 16 bits. Per activation bit an and (1.5) and an exclusive or (2.25); per sum bit adder
        // 3.5, clear 1.5, register 5, latch 3.75, choice 0.5.
        const double expected = (8 * (1.5 + 2.25)) + (16 * (3.5 + 1.5 + 5 + 3.75 + 0.5));
        Assert.That(Fabric("hc1-ternary").Bank.Gates(8, Logic).ColumnGe, Is.EqualTo(expected).Within(1e-9));
    }

    // Larger matrices share more: the value is that of 128 by 128, the low end that of a whole bank. Other seeds differ by 0.003.
    [TestCase(16, 16, 0.39)]
    [TestCase(32, 32, 0.36)]
    [TestCase(64, 64, 0.328)]
    [TestCase(128, 128, 0.301)]
    [TestCase(128, 512, 0.271)]
    [TestCase(256, 256, 0.275)]
    [TestCase(256, 1024, 0.250)]
    public void Adders_of_a_shared_random_matrix_lie_in_the_interval_of_the_constant(int inputs, int outputs, double expected)
    {
        if (inputs > 64 && !Shared.All)
            Assert.Ignore("seconds to minutes; runs with ./test --all");
        var stated = Fabric("adder-network").Bank.AddersPerWeight!;
        var plain = SharedTerms.AddersPerWeight(inputs, outputs, 1, shared: false);
        var shared = SharedTerms.AddersPerWeight(inputs, outputs, 1, shared: true);
        TestContext.Out.WriteLine($"{inputs} x {outputs}: {plain:0.####} without sharing, shared {shared:0.####}");
        Assert.Multiple(() =>
        {
            // The mean of few weights scatters more.
            Assert.That(shared, Is.EqualTo(expected).Within(inputs < 64 ? 0.02 : 0.004));
            Assert.That(shared, Is.InRange(stated.Low - 0.001, stated.High));
            if (inputs == 128 && outputs == 128)
                Assert.That(shared, Is.EqualTo(stated.Value).Within(0.003));
            Assert.That(plain, Is.EqualTo(0.61).Within(0.08), "half of the bits of a code but for the first, which is no adder");
        });
    }

    [Test]
    public void An_adder_network_is_counted_gate_by_gate()
    {
        // 256 rows × 0.301 adders of a full adder and a flip-flop; sums of 8 + 3 − 1 + 8 = 18 bits in a register. Inputs: 256 registers of
        // 8 bits, loaded or shifted.
        var gates = Fabric("adder-network").Bank.Gates(8, Logic);
        Assert.Multiple(() =>
        {
            Assert.That(gates.ColumnGe, Is.EqualTo((256 * 0.301 * 8.5) + (18 * 5)).Within(1e-9));
            Assert.That(gates.ProductsGe, Is.EqualTo(256 * 8 * (5 + (2 * 0.5))).Within(1e-9));
            Assert.That(DieArea.Of(Fabric("adder-network"), ShapePlan.Technology("n6")).RomMm2, Is.Zero);
        });
    }

    [Test]
    public void Adder_networks_cost_what_shared_adder_counts_say()
    {
        // Area per 3-bit weight at N6 and utilisation 0.7, derived from shared adder counts: 0.144 to 0.181 µm² bit by bit, 0.653 to 0.994
        // all bits at once (adders of 11 bits). A matrix of 64 by 64 takes 0.326 adders a weight.
        var bank = Fabric("adder-network").Bank;
        var fabric = bank with { Rows = 64, ScaleBlockRows = 64, AddersPerWeight = bank.AddersPerWeight! with { Value = 0.326 } };
        double Um2(BankSpec bank) => (bank.Gates(8, Logic).ColumnGe - (bank.ColumnSumBits(64, 8) * 5)) / 64 * Logic.GateEquivalentUm2 / 0.7;
        Assert.Multiple(() =>
        {
            Assert.That(Um2(fabric), Is.InRange(0.1440, 0.181));
            Assert.That(Um2(fabric with { AdderBitsPerCycle = 8 }), Is.InRange(0.6525, 0.994));
        });
    }

    [Test]
    public void A_ternary_bank_has_less_logic_than_a_bank_of_four_bit_codes_or_wider()
    {
        var codes = Fabric("hc1").Bank;
        Gen.Select(Gen.Int[4, 8], Gen.Int[4, 16], Gen.Int[5, 9])
            .Sample(
                (bits, activation, rowsLog2) =>
                {
                    var rom = codes with { CodeBits = bits, Rows = 1 << rowsLog2 };
                    var ternary = rom with { Style = "ternary", CodeBits = 2, ScaleBlockRows = rom.Rows };
                    return ternary.Gates(activation, Logic).TotalGe < rom.Gates(activation, Logic).TotalGe;
                },
                iter: 200,
                threads: 1
            );
    }

    [Test]
    public void Passes_take_rows_or_bits()
    {
        var network = Fabric("adder-network").Bank;
        Assert.Multiple(() =>
        {
            Assert.That(Fabric("hc1").Bank.PassCycles(256, 8), Is.EqualTo(256));
            Assert.That(
                Fabric("hc1").Bank.PassCycles(70, 8),
                Is.EqualTo(96),
                "the last block of 6 rows is filled up to the 32 turns of a scale unit"
            );
            Assert.That(Fabric("demo").Bank.PassCycles(70, 8), Is.EqualTo(70));
            Assert.That(Fabric("hc1-ternary").Bank.PassCycles(70, 8), Is.EqualTo(70));
            Assert.That(network.PassCycles(256, 8), Is.EqualTo(18));
            Assert.That((network with { AdderBitsPerCycle = 8 }).PassCycles(256, 8), Is.EqualTo(1));
        });
    }

    [Test]
    public void Networks_bit_by_bit_are_smaller_and_slower_than_whole_ones()
    {
        var serial = Fabric("adder-network").Bank;
        var whole = serial with { AdderBitsPerCycle = 8 };
        Assert.Multiple(() =>
        {
            Assert.That(serial.Gates(8, Logic).TotalGe, Is.LessThan(whole.Gates(8, Logic).TotalGe));
            Assert.That(serial.PassCycles(256, 8), Is.GreaterThan(whole.PassCycles(256, 8)));
        });
    }

    [TestCase("hc1", "bank.style", "spatial", "is unknown; adder_network, rom_select, sram_multiply and ternary are known")]
    [TestCase("hc1", "bank.style", "ternary", "bank.code_bits 3 must be 2 for ternary")]
    [TestCase("hc1", "bank.pipeline_cycles", "8", "must be at least 4 + bank.columns_per_scale_unit (32)")]
    [TestCase("hc1", "bank.style", "adder_network", "bank.adders_per_weight is missing")]
    [TestCase("hc1-ternary", "bank.scale_block_rows", "32", "must be bank.rows (256) for ternary")]
    [TestCase("hc1-ternary", "default_weights", "rom4", "ternary banks hold tq1_0 and tq2_0, not rom4")]
    [TestCase("adder-network", "bank.adder_bits_per_cycle", "4", "must be 1 or numerics.activation_bits (8)")]
    [TestCase("adder-network", "bank.spare_rows", "4", "bank.spare_rows must be 0")]
    [TestCase("adder-network", "default_weights", "q4_k", "holds rom3, not q4_k")]
    [TestCase("adder-network", "bank.style", "rom_select", "bank.adders_per_weight belongs to adder_network")]
    public void Combinations_that_no_bank_has_are_refused(string fabric, string field, string value, string reason) =>
        Assert.That(
            () => FabricFile.Read(Shared.InRepo($"chips/fabrics/{fabric}.yaml"), new Dictionary<string, string> { [field] = value }),
            Throws.TypeOf<InputException>().With.Message.Contains(reason)
        );

    private static FabricSpec Fabric(string name) => FabricFile.Read(Shared.InRepo($"chips/fabrics/{name}.yaml"));
}
