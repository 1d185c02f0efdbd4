using NUnit.Framework;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Tests.Gguf;

[TestFixture, Category("Compiler")]
public sealed class GgmlTypesTests
{
    // Bits per weight as published with the formats.
    [TestCase(GgmlType.F32, 32)]
    [TestCase(GgmlType.Q4_0, 4.5)]
    [TestCase(GgmlType.Q8_0, 8.5)]
    [TestCase(GgmlType.Q2_K, 2.625)]
    [TestCase(GgmlType.Q3_K, 3.4375)]
    [TestCase(GgmlType.Q4_K, 4.5)]
    [TestCase(GgmlType.Q6_K, 6.5625)]
    [TestCase(GgmlType.IQ1_S, 1.5625)]
    [TestCase(GgmlType.IQ2_XXS, 2.0625)]
    [TestCase(GgmlType.MXFP4, 4.25)]
    [TestCase(GgmlType.Q1_0, 1.125)]
    public void Types_take_their_published_bits(GgmlType type, double bits) => Assert.That(GgmlTypes.BitsPerWeight(type), Is.EqualTo(bits));

    [Test]
    public void Every_id_up_to_42_is_live_or_removed_and_none_beyond() =>
        Assert.Multiple(() =>
        {
            for (var id = -1; id <= 50; id++)
                Assert.That(GgmlTypes.IsLive(id) ^ GgmlTypes.RemovedName(id) is not null, Is.EqualTo(id is >= 0 and <= 42), $"id {id}");
            Assert.That(GgmlTypes.All, Is.EqualTo(Enum.GetValues<GgmlType>()));
        });

    [Test]
    public void Sizes_count_whole_blocks_only() =>
        Assert.Multiple(() =>
        {
            Assert.That(GgmlTypes.Bytes(GgmlType.Q4_K, 4096), Is.EqualTo(4096 / 256 * 144));
            Assert.That(() => GgmlTypes.Bytes(GgmlType.Q4_K, 4097), Throws.ArgumentException);
            Assert.That(() => GgmlTypes.Bytes(GgmlType.F64, 1L << 61), Throws.InstanceOf<OverflowException>());
            Assert.That(() => GgmlTypes.BlockBytes((GgmlType)4), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
}
