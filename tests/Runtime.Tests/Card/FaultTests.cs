using CsCheck;
using NUnit.Framework;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Tests.Card;

[TestFixture, Category("Smoke")]
public sealed class FaultTests
{
    private static readonly int[] Prompt = [1, 2, 3, 4, 5];

    [TestCase(FaultKind.DropDoorbell, 0u, DeviceEventKind.LostDoorbell)]
    [TestCase(FaultKind.DuplicateDoorbell, 0u, null)]
    [TestCase(FaultKind.LostInterrupt, 0u, DeviceEventKind.LostInterrupt)]
    [TestCase(FaultKind.InterruptStorm, 500u, null)]
    [TestCase(FaultKind.SpuriousInterrupt, 0u, null)]
    [TestCase(FaultKind.CommandBitFlip, 0u, null)]
    [TestCase(FaultKind.KvBit, 1u, null)]
    public void Fault_is_survived_without_a_changed_token(FaultKind kind, uint argument, DeviceEventKind? noted)
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(16, ChannelMode.Interrupt);
        using var context = card.Handle.ContextOpen(channel, 256, SamplerSettings.Greedy);
        context.Prefill(Prompt, 0);
        card.Arm(kind, argument, seed: 77);
        var tokens = context.DecodeStream(20).Select(t => t.Id).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(tokens, Is.EqualTo(FakeCore.Expected(Prompt, 20)));
            Assert.That(card.Card.Faults.Pending, Is.Zero, "the fault struck");
            if (noted is { } kindNoted)
                Assert.That(card.Handle.Events().Select(e => e.Kind), Has.Member(kindNoted));
        });
    }

    [TestCase(FaultKind.TailOutOfRange, 0u, StatusCode.DeviceReset, false)]
    [TestCase(FaultKind.PhaseStuck, 0u, StatusCode.DeviceReset, false)]
    [TestCase(FaultKind.CommandBitFlip, 1u, StatusCode.DeviceReset, false)]
    [TestCase(FaultKind.DmaReadTimeout, 0u, StatusCode.Timeout, false)]
    [TestCase(FaultKind.PoisonedRead, 0u, StatusCode.PoisonedData, false)]
    [TestCase(FaultKind.IommuFault, 0u, StatusCode.IommuFault, true)]
    [TestCase(FaultKind.CidReuse, 0u, StatusCode.CidInUse, true)]
    [TestCase(FaultKind.KvBit, 2u, StatusCode.EccContained, false)]
    [TestCase(FaultKind.NanLogits, 0u, StatusCode.NotANumber, true)]
    [TestCase(FaultKind.ThermalCritical, 3u, StatusCode.ThermalStop, true)]
    [TestCase(FaultKind.PowerBreak, 3u, StatusCode.PowerBreak, true)]
    public void Fault_fails_its_command_and_spares_the_other_channel(FaultKind kind, uint argument, StatusCode code, bool channelLives)
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(16, ChannelMode.Poll);
        var other = card.Handle.CreateChannel(16, ChannelMode.Poll);
        var context = card.Handle.ContextOpen(channel, 256, SamplerSettings.Greedy);
        card.Arm(kind, argument, seed: 5);
        var error = Assert.Throws<DriverException>(() => context.Prefill(Prompt, 0));
        card.Card.Clock.AdvanceTo(card.Handle.TimeNs + 5_000_000);
        Assert.Multiple(() =>
        {
            Assert.That(error!.Code, Is.EqualTo(code));
            Assert.That(card.Generate(other, Prompt, 5), Is.EqualTo(FakeCore.Expected(Prompt, 5)));
            Assert.That(channel.Dead is null, Is.EqualTo(channelLives));
            Assert.That(card.Handle.State, Is.EqualTo(DeviceState.Running));
            Assert.That(channel.InFlight, Is.Zero);
        });
    }

    [TestCase(FaultKind.FirmwareHang, 0u, StatusCode.Watchdog, true)]
    [TestCase(FaultKind.WatchdogReset, 0u, StatusCode.DeviceReset, true)]
    [TestCase(FaultKind.FunctionReset, 0u, StatusCode.DeviceReset, true)]
    [TestCase(FaultKind.LinkDown, 500u, StatusCode.Link, true)]
    [TestCase(FaultKind.SurpriseRemoval, 0u, StatusCode.Link, false)]
    public void Fault_that_ends_the_session_kills_every_handle_once(FaultKind kind, uint argument, StatusCode code, bool comesBack)
    {
        using var card = new TestCard();
        using var other = card.Driver.Open(0);
        var idle = other.CreateChannel(16, ChannelMode.Poll);
        var channel = card.Handle.CreateChannel(16, ChannelMode.Interrupt);
        var context = card.Handle.ContextOpen(channel, 256, SamplerSettings.Greedy);
        context.Prefill(Prompt, 0);
        card.Arm(kind, argument, nth: 4);
        var got = new List<int>();
        var error = Assert.Throws<DriverException>(() => got.AddRange(context.DecodeStream(50).Select(t => t.Id)));
        Assert.Multiple(() =>
        {
            // FunctionReset and link loss answer all ones at the first look when it falls into the reset.
            Assert.That(
                error!.Code,
                Is.EqualTo(code).Or.EqualTo(kind is FaultKind.FunctionReset or FaultKind.WatchdogReset ? StatusCode.Link : code)
            );
            Assert.That(channel.InFlight, Is.Zero);
            Assert.That(() => idle.Submit([TestCard.Nop(1)]), Throws.InstanceOf<DriverException>());
            Assert.That(() => other.Telemetry(), Throws.InstanceOf<DriverException>());
        });
        if (!comesBack)
        {
            Assert.That(Assert.Throws<DriverException>(() => card.Driver.Open(0))!.Code, Is.EqualTo(StatusCode.Link));
            return;
        }
        using var again = card.Driver.Open(0);
        again.LoadImage(new MemoryStream(TestCard.Image()));
        var fresh = again.CreateChannel(16, ChannelMode.Poll);
        using var next = again.ContextOpen(fresh, 64, SamplerSettings.Greedy);
        next.Prefill(Prompt, 0);
        Assert.Multiple(() =>
        {
            Assert.That(again.Generation, Is.EqualTo(1));
            Assert.That(next.DecodeStream(5).Select(t => t.Id), Is.EqualTo(FakeCore.Expected(Prompt, 5)));
            Assert.That(card.Core.OpenContexts, Is.EqualTo(1), "contexts of the old session were closed");
        });
    }

    [Test]
    public void Reset_answers_commands_in_flight_and_makes_other_handles_stale()
    {
        using var card = new TestCard();
        using var other = card.Driver.Open(0);
        var channel = other.CreateChannel(16, ChannelMode.Poll);
        channel.Submit([TestCard.Nop(1), TestCard.Nop(2), TestCard.Nop(3)]);
        card.Handle.Reset(ResetKind.Soft);
        var answers = TestCard.PollAll(channel, 1);
        Assert.Multiple(() =>
        {
            Assert.That(answers.Select(c => c.Cid).Order(), Is.EqualTo(new ushort[] { 1, 2, 3 }));
            Assert.That(Assert.Throws<DriverException>(() => other.Telemetry())!.Code, Is.EqualTo(StatusCode.DeviceReset));
            Assert.That(card.Handle.Generation, Is.EqualTo(1));
            Assert.That(card.Handle.State, Is.EqualTo(DeviceState.ReadyNoImage));
        });
    }

    [Test]
    public void No_write_lands_after_a_reset()
    {
        var beforeAny = 0;
        for (var delay = 0; delay < 2000; delay += 50)
        {
            using var card = new TestCard();
            var channel = card.Handle.CreateChannel(16, ChannelMode.Poll);
            card.Card.Link.Write(Bar.Sram, 0, 0xFFFF_FFFF);
            var memory = new byte[4];
            var buffer = card.Handle.Pin(memory);
            channel.Submit([
                new()
                {
                    Opcode = Opcode.MemcpyD2H,
                    Cid = 1,
                    Destination = buffer.Address,
                    Length = 4,
                },
            ]);
            card.Card.Clock.AdvanceTo(card.Handle.TimeNs + delay);
            card.Card.Device.Reset();
            var after = memory.ToArray();
            card.Card.Clock.AdvanceTo(card.Handle.TimeNs + 10_000);
            Assert.That(memory, Is.EqualTo(after), $"reset {delay} ns after the doorbell");
            beforeAny += after[0] == 0 ? 1 : 0;
        }
        Assert.That(beforeAny, Is.InRange(5, 35), "some resets came before the write and some after");
    }

    [Test]
    public void Fourth_reset_within_ten_minutes_takes_the_card_offline()
    {
        using var card = new TestCard(load: false);
        for (var i = 0; i < CardDriver.MaxResets; i++)
            card.Handle.Reset(ResetKind.Function);
        Assert.That(() => card.Handle.Reset(ResetKind.Soft), Throws.InstanceOf<DriverException>().With.Message.Contains("offline"));
    }

    [Test]
    public void Image_faults_are_rejected_with_their_codes()
    {
        StatusCode Load(byte[] bytes, bool corrupt = false)
        {
            using var card = new TestCard(load: false);
            if (corrupt)
                card.Arm(FaultKind.ImageCorrupted, seed: 3);
            var error = Assert.Throws<DriverException>(() => card.Handle.LoadImage(new MemoryStream(bytes)))!;
            Assert.That(card.Card.Link.Read(Bar.Control, Bar0.ImageState), Is.EqualTo((uint)ImageState.Rejected));
            Assert.That(card.Card.Link.Read(Bar.Control, Bar0.ImageError), Is.EqualTo((uint)error.Code));
            card.Handle.LoadImage(new MemoryStream(TestCard.Image()));
            Assert.That(card.Handle.State, Is.EqualTo(DeviceState.Running));
            return error.Code;
        }
        Assert.Multiple(() =>
        {
            Assert.That(Load(TestCard.Image()[..^1]), Is.EqualTo(StatusCode.ImageRejected));
            Assert.That(Load(TestCard.Image(), corrupt: true), Is.EqualTo(StatusCode.ImageRejected));
            Assert.That(Load(TestCard.Image(model: Guid.NewGuid())), Is.EqualTo(StatusCode.ModelMismatch));
        });
    }

    [Test]
    public void Scatter_loop_is_detected()
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(16, ChannelMode.Poll);
        var context = card.Handle.ContextOpen(channel, 256, SamplerSettings.Greedy);
        context.Prefill(Prompt, 0);
        var list = new byte[16];
        var buffer = card.Handle.Pin(list);
        BitConverter.TryWriteBytes(list, buffer.Address);
        BitConverter.TryWriteBytes(list.AsSpan(8), 1u << 31);
        channel.Submit([
            new()
            {
                Opcode = Opcode.MemcpyH2D,
                Flags = CommandFlags.ScatterList,
                Cid = 800,
                Source = buffer.Address,
                Length = 64,
            },
        ]);
        Assert.That(TestCard.PollAll(channel, 10).Single().Code, Is.EqualTo(StatusCode.ScatterListMalformed));
    }

    [Test]
    public void Fault_block_of_the_registers_arms_the_same_faults()
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(16, ChannelMode.Poll);
        var context = card.Handle.ContextOpen(channel, 256, SamplerSettings.Greedy);
        card.Card.Link.Write(Bar.Control, Bar0.FaultKind, (uint)FaultKind.NanLogits);
        card.Card.Link.Write(Bar.Control, Bar0.FaultArm, 1);
        Assert.That(Assert.Throws<DriverException>(() => context.Prefill(Prompt, 0))!.Code, Is.EqualTo(StatusCode.NotANumber));
    }

    [Test]
    public void Client_killed_at_any_moment_leaves_no_context_no_pin_and_no_write()
    {
        for (var delay = 0L; delay < 400_000; delay += 9_700)
        {
            using var card = new TestCard();
            var victim = card.Driver.Open(0);
            var pins = card.Card.Memory.Count;
            var channel = victim.CreateChannel(8, ChannelMode.Poll);
            var context = victim.ContextOpen(channel, 256, SamplerSettings.Greedy);
            var memory = new byte[256];
            var buffer = victim.Pin(memory);
            channel.Submit([
                new()
                {
                    Opcode = Opcode.Prefill,
                    Cid = 500,
                    Context = context.Handle,
                    Source = buffer.Address,
                    Length = 80,
                    Arg0 = 20,
                },
                new()
                {
                    Opcode = Opcode.Decode,
                    Cid = 501,
                    Context = context.Handle,
                    Arg0 = 20,
                    Arg2 = 20,
                    Length = 80,
                    Destination = buffer.Address,
                },
            ]);
            card.Card.Clock.AdvanceTo(card.Handle.TimeNs + delay);
            victim.Close();
            victim.Close();
            var after = memory.ToArray();
            card.Card.Clock.AdvanceTo(card.Handle.TimeNs + 10_000_000);
            Assert.Multiple(() =>
            {
                Assert.That(card.Core.OpenContexts, Is.Zero);
                Assert.That(card.Card.Memory.Count, Is.EqualTo(pins));
                Assert.That(memory, Is.EqualTo(after));
                Assert.That(channel.InFlight, Is.Zero);
            });
        }
    }

    [Test]
    public void Every_command_gets_exactly_one_final_answer_and_the_run_repeats_whatever_strikes()
    {
        var kinds = Enum.GetValues<FaultKind>();
        Gen.Select(Gen.Int[0, kinds.Length], Gen.ULong[0, 6], Gen.Int[1, 12], Gen.Int[0, 1000], Gen.UInt[0, 2])
            .Sample(
                (kind, nth, commands, seed, argument) =>
                {
                    var first = Run(kind, nth, commands, seed, argument);
                    return first.SequenceEqual(Run(kind, nth, commands, seed, argument));
                },
                iter: 150
            );

        List<(ushort, StatusCode, uint, long)> Run(int kind, ulong nth, int commands, int seed, uint argument)
        {
            using var card = new TestCard();
            var channel = card.Handle.CreateChannel(4, seed % 2 == 0 ? ChannelMode.Poll : ChannelMode.Interrupt);
            var context = card.Handle.ContextOpen(channel, 200, SamplerSettings.Greedy);
            context.Prefill(Prompt, 0);
            if (kind < kinds.Length)
                card.Arm(kinds[kind], argument, nth, (ulong)seed);
            var random = new Random(seed);
            var log = new List<(ushort, StatusCode, uint, long)>();
            var finals = new Dictionary<ushort, int>();
            var sent = new List<ushort>();
            var some = new CompletionEntry[16];
            try
            {
                for (var i = 0; i < commands; i++)
                {
                    var cid = (ushort)(i + 1000);
                    var entry = Command(random.Next(4), cid, context.Handle);
                    if (channel.Submit([entry]) == 1)
                        sent.Add(cid);
                    else
                        i--;
                    Take(random.Next(3) == 0 ? 500 : 0);
                }
            }
            catch (DriverException)
            {
                // The channel or the card died: what was accepted must be answered all the same.
            }
            while (Take(3000)) { }
            foreach (var cid in sent)
                Assert.That(finals.GetValueOrDefault(cid), Is.EqualTo(1), $"cid {cid}, fault {kind}");
            return log;

            bool Take(int milliseconds)
            {
                var count = channel.Poll(some, TimeSpan.FromMilliseconds(milliseconds));
                foreach (var c in some[..count])
                {
                    log.Add((c.Cid, c.Code, c.Result, card.Handle.TimeNs));
                    if (!c.StreamContinues)
                        finals[c.Cid] = finals.GetValueOrDefault(c.Cid) + 1;
                }
                return count > 0;
            }
        }
    }

    private static SubmissionEntry Command(int kind, ushort cid, uint context) =>
        kind switch
        {
            0 => TestCard.Nop(cid),
            1 => new()
            {
                Opcode = Opcode.Cancel,
                Cid = cid,
                Context = context,
            },
            2 => new()
            {
                Opcode = Opcode.MemcpyD2H,
                Cid = cid,
                Destination = 0x4000,
                Length = 8,
            },
            _ => new()
            {
                Opcode = Opcode.Decode,
                Flags = CommandFlags.Stream,
                Cid = cid,
                Context = context,
                Arg0 = 5,
            },
        };
}
