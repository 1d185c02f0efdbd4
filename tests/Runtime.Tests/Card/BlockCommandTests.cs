using NUnit.Framework;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Tests.Card;

/// <summary>PREFILL_BLOCK and DECODE_BLOCK: what the card holds of a block, and what it refuses.</summary>
[Category("Smoke")]
public class BlockCommandTests
{
    private const int Mask = 999;

    [Test]
    public void A_block_is_committed_when_the_next_is_asked_for()
    {
        using var card = new TestCard(mask: Mask);
        using var context = Open(card, 20);
        Assert.That(context.PrefillBlock([5, 6, 7], 0, causal: false), Is.EqualTo(3));
        var first = context.DecodeBlock(4, 2, stopsEarly: false);
        var second = context.DecodeBlock(4, 2, stopsEarly: false);
        var expected = FakeCore.Expected([5, 6, 7], 8);
        Assert.Multiple(() =>
        {
            Assert.That(first.Ids.Concat(second.Ids), Is.EqualTo(expected));
            Assert.That(first.RevealedAt, Is.EqualTo(new[] { 1, 2, 3, 4 }));
            Assert.That(first.Confidences, Is.All.EqualTo(0.5f));
            Assert.That((first.Steps, second.Steps), Is.EqualTo((4, 4)));
        });
    }

    [Test]
    public void An_early_stop_leaves_the_positions_behind_it_masked()
    {
        var expected = FakeCore.Expected([5, 6, 7], 4);
        using var card = new TestCard(mask: Mask);
        using var context = Open(card, 20, expected[1]);
        context.PrefillBlock([5, 6, 7], 0, causal: false);
        var block = context.DecodeBlock(4, 2, stopsEarly: true);
        Assert.That(block.Ids, Is.EqualTo(new[] { expected[0], expected[1], Mask, Mask }));
    }

    [Test]
    public void What_does_not_fit_is_refused()
    {
        using var card = new TestCard(mask: Mask);
        using var context = Open(card, 10);
        Assert.Multiple(() =>
        {
            Assert.That(Code(() => context.DecodeBlock(4, 2, false)), Is.EqualTo(StatusCode.BadField), "no prompt");
            Assert.That(Code(() => context.PrefillBlock([1000], 0, false)), Is.EqualTo(StatusCode.BadTokenId));
            context.PrefillBlock([5, 6, 7], 0, causal: false);
            Assert.That(Code(() => context.DecodeBlock(4, float.NaN, false)), Is.EqualTo(StatusCode.BadField));
            context.DecodeBlock(4, 0.5f, stopsEarly: false);
            Assert.That(Code(() => context.DecodeBlock(4, 0.5f, false)), Is.EqualTo(StatusCode.ContextFull));
            Assert.That(Code(() => context.DecodeStream(1).ToArray()), Is.EqualTo(StatusCode.BadOpcode));
        });
    }

    [Test]
    public void A_model_that_decodes_token_by_token_has_no_blocks()
    {
        using var card = new TestCard();
        using var context = Open(card, 10);
        Assert.Multiple(() =>
        {
            Assert.That(Code(() => context.PrefillBlock([5], 0, false)), Is.EqualTo(StatusCode.BadOpcode));
            Assert.That(Code(() => context.DecodeBlock(4, 1, false)), Is.EqualTo(StatusCode.BadOpcode));
        });
    }

    private static InferenceContext Open(TestCard card, int positions, params int[] stops) =>
        card.Handle.ContextOpen(card.Handle.CreateChannel(16, ChannelMode.Poll), positions, SamplerSettings.Greedy, stops);

    private static StatusCode Code(Action act) => Assert.Catch<DriverException>(() => act())!.Code;
}
