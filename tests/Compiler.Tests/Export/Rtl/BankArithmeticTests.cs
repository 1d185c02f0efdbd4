using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.BankStyles;
using TaalasSim.Compiler.Export.Rtl;

namespace TaalasSim.Compiler.Tests.Export.Rtl;

[TestFixture]
[Category("Kernels")]
public sealed class BankArithmeticTests
{
    [Test]
    public void Column_scales_each_block_and_saturates_after_it()
    {
        // Block 0: 32 rows of 3 × 4 = 384, scale 10: 3,840 → 11 bits hold −1,024…1,023: 1,023. Block 1: 2 rows of −2 × 5 = −20, scale 7:
        // −140 → 883.
        int[] codes = [.. Enumerable.Repeat(3, 32), -2, -2],
            activations = [.. Enumerable.Repeat(4, 32), 5, 5];
        Assert.Multiple(() =>
        {
            Assert.That(BankArithmetic.Column(codes, [10, 7], activations, 11), Is.EqualTo(883));
            Assert.That(BankArithmetic.Column(codes, [10, 7], activations, 32), Is.EqualTo(3700));
        });
    }

    [Test]
    public void Banks_reduce_in_pairs_so_that_saturation_depends_on_the_tree()
    {
        // Eight bits: (100 + 100 → 127) + (−100 + −100 → −128) = −1, while one after another gives 127 − 100 − 100 = −73.
        Assert.That(BankArithmetic.Reduce([100, 100, -100, -100], 8), Is.EqualTo(-1));
    }

    [Test]
    public void Wide_reduction_is_the_plain_sum() =>
        Gen.Long[-1_000_000, 1_000_000]
            .Array[1, 40]
            .Sample(sums => Assert.That(BankArithmetic.Reduce(sums.ToArray(), 48), Is.EqualTo(sums.Sum())));

    [Test]
    public void Hexadecimal_rows_give_back_their_fields() =>
        Gen.Select(Gen.Int[1, 48], Gen.Long.Array[1, 20])
            .Sample(
                (bits, values) =>
                {
                    var fields = values.Select(v => v << (64 - bits) >> (64 - bits)).ToArray();
                    var read = new long[fields.Length];
                    HexRows.Parse(HexRows.Format(fields, bits), bits, read);
                    Assert.That(read, Is.EqualTo(fields));
                }
            );
}
