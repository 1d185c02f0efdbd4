using NUnit.Framework;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.ChipModel.Tests.Formats;

[TestFixture, Category("Compiler")]
public sealed class CodeFormatsTests
{
    // Bits per weight as published with the formats.
    [TestCase("f32", 32)]
    [TestCase("q4_0", 4.5)]
    [TestCase("q8_0", 8.5)]
    [TestCase("q2_k", 2.625)]
    [TestCase("q3_k", 3.4375)]
    [TestCase("q4_k", 4.5)]
    [TestCase("q6_k", 6.5625)]
    [TestCase("iq1_s", 1.5625)]
    [TestCase("iq2_xxs", 2.0625)]
    [TestCase("mxfp4", 4.25)]
    [TestCase("q1_0", 1.125)]
    public void Types_take_their_published_bits(string type, double bits) =>
        Assert.That(CodeFormats.Named(type).BitsPerWeight, Is.EqualTo(bits));

    [Test]
    public void Every_id_up_to_42_is_live_or_removed_and_none_beyond() =>
        Assert.Multiple(() =>
        {
            for (var id = -1; id <= 50; id++)
                Assert.That(
                    CodeFormats.FindGgml(id) is not null ^ CodeFormats.RemovedName(id) is not null,
                    Is.EqualTo(id is >= 0 and <= 42),
                    $"id {id}"
                );
            Assert.That(CodeFormats.GgufTypes.Select(f => f.GgmlType), Is.Ordered.Ascending);
        });

    [Test]
    public void Sizes_count_whole_blocks_only() =>
        Assert.Multiple(() =>
        {
            Assert.That(CodeFormats.Named("q4_k").BytesOf(4096), Is.EqualTo(4096 / 256 * 144));
            Assert.That(() => CodeFormats.Named("q4_k").BytesOf(4097), Throws.ArgumentException);
            Assert.That(() => CodeFormats.Named("f64").BytesOf(1L << 61), Throws.InstanceOf<OverflowException>());
        });
}
