using NUnit.Framework;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Tests.Card;

namespace TaalasSim.Runtime.Tests.Host;

/// <summary>A card that is held for long: numbers of commands come again, images are exchanged.</summary>
[Category("Timing")]
public class LongHoldTests
{
    private static readonly int[] Prompt = [3, 1, 4, 1, 5];

    // Commands that wait for an event keep their number; the 65,536th command after them must not take it.
    [Test]
    public void Every_admin_command_is_answered_after_their_numbers_have_come_again()
    {
        using var card = new TestCard(LatencyMode.None);
        for (var i = 0; i <= ushort.MaxValue; i++)
            Assert.DoesNotThrow(() => card.Handle.Telemetry(), $"after {i} times");
    }

    [Test]
    public void Another_image_is_no_reset_however_often_it_comes()
    {
        using var card = new TestCard();
        var before = card.Card.Link.Read(Bar.Control, Bar0.ResetGeneration);
        using var other = card.Driver.Open(0);
        for (var i = 0; i <= CardDriver.MaxResets; i++)
        {
            card.Handle.CreateChannel(64, ChannelMode.Poll);
            card.Handle.Empty();
            Assert.That(card.Handle.State, Is.EqualTo(DeviceState.ReadyNoImage));
            card.Handle.LoadImage(new MemoryStream(TestCard.Image()));
            var tokens = card.Generate(card.Handle.CreateChannel(64, ChannelMode.Poll), Prompt, 5);
            Assert.That(tokens, Is.EqualTo(FakeCore.Expected(Prompt, 5)));
        }
        Assert.Multiple(() =>
        {
            Assert.That(card.Card.Link.Read(Bar.Control, Bar0.ResetGeneration), Is.EqualTo(before));
            Assert.That(() => other.Telemetry(), Throws.InstanceOf<DriverException>(), "other holds end as with a reset");
        });
    }
}
