using CsCheck;
using NUnit.Framework;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Tests.Card;

namespace TaalasSim.Runtime.Tests.Host;

[TestFixture, Category("Smoke")]
public sealed class DriverTests
{
    private static readonly int[] Prompt = [1, 2, 3, 4, 5];

    [Test]
    public void Tokens_are_those_of_the_core([Values] ChannelMode mode, [Values] LatencyMode latency)
    {
        using var card = new TestCard(latency);
        var channel = card.Handle.CreateChannel(16, mode);
        Assert.That(card.Generate(channel, Prompt, 50), Is.EqualTo(FakeCore.Expected(Prompt, 50)));
    }

    [TestCase(LatencyMode.None, ChannelMode.Poll, 0)]
    [TestCase(LatencyMode.Typical, ChannelMode.Poll, 375 + 753 + 401 + 75)]
    [TestCase(LatencyMode.Typical, ChannelMode.Interrupt, 375 + 753 + 401 + 3000 + 75)]
    [TestCase(LatencyMode.Worst, ChannelMode.Poll, 500 + 1003 + 501 + 100)]
    public void Empty_command_costs_doorbell_fetch_completion_and_wake_up(LatencyMode latency, ChannelMode mode, long ns)
    {
        using var card = new TestCard(latency);
        var channel = card.Handle.CreateChannel(16, mode);
        card.Card.Clock.AdvanceTo(card.Handle.TimeNs + 10_000);
        var start = card.Handle.TimeNs;
        channel.Submit([TestCard.Nop(1)]);
        channel.Poll(new CompletionEntry[1], TimeSpan.FromMilliseconds(1));
        Assert.That(card.Handle.TimeNs - start, Is.EqualTo(ns));
    }

    [Test]
    public void Streaming_hides_the_link_between_tokens()
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(64, ChannelMode.Poll);
        var context = card.Handle.ContextOpen(channel, 256, SamplerSettings.Greedy);
        context.Prefill(Prompt, 0);
        var times = context.DecodeStream(20).Select(t => t.TimeNs).ToArray();
        Assert.That(times.Zip(times.Skip(1), (a, b) => b - a), Is.All.EqualTo(FakeCore.DecodeNs));
    }

    [Test]
    public void Decode_continues_after_decode_and_stops_at_stop_ids()
    {
        using var card = new TestCard();
        var expected = FakeCore.Expected(Prompt, 20);
        var channel = card.Handle.CreateChannel(16, ChannelMode.Poll);
        var context = card.Handle.ContextOpen(channel, 256, SamplerSettings.Greedy, [expected[12]]);
        context.Prefill(Prompt, 0);
        var tokens = context.DecodeStream(1).Concat(context.DecodeStream(3)).Concat(context.DecodeStream(100)).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(tokens.Select(t => t.Id), Is.EqualTo(expected[..13]));
            Assert.That(tokens.Select(t => t.Position), Is.EqualTo(Enumerable.Range(5, 13)));
            Assert.That(tokens[^1].IsLast, Is.True);
        });
    }

    [Test]
    public void Logits_rows_and_trim_reach_the_right_positions()
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(16, ChannelMode.Interrupt);
        var context = card.Handle.ContextOpen(channel, 256, SamplerSettings.Greedy);
        context.Prefill(Prompt, 0, allLogits: true);
        var best = Enumerable.Range(0, 5).Select(row => Array.IndexOf(context.Logits(row), 1f)).ToArray();
        context.Trim(3);
        context.Prefill([9], 3);
        Assert.Multiple(() =>
        {
            Assert.That(best, Is.EqualTo(Enumerable.Range(1, 5).Select(n => FakeCore.Next(Prompt[..n]))));
            Assert.That(context.DecodeStream(2).Select(t => t.Id), Is.EqualTo(FakeCore.Expected([1, 2, 3, 9], 2)));
        });
    }

    [Test]
    public void Commands_answer_with_the_code_of_their_mistake()
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(32, ChannelMode.Poll);
        using var context = card.Handle.ContextOpen(channel, 16, SamplerSettings.Greedy);
        StatusCode Of(Action act) => Assert.Throws<DriverException>(() => act())!.Code;
        channel.Submit(Mistakes(context.Handle));
        Assert.Multiple(() =>
        {
            Assert.That(
                TestCard.PollAll(channel, 10).Select(c => (c.Cid, c.Code)),
                Is.EqualTo(
                    new[]
                    {
                        ((ushort)1000, StatusCode.BadOpcode),
                        ((ushort)1001, StatusCode.BadContext),
                        ((ushort)1002, StatusCode.SramOutOfRange),
                        ((ushort)1003, StatusCode.IommuFault),
                        ((ushort)1004, StatusCode.DmaLength),
                        ((ushort)1005, StatusCode.DmaAddressFault),
                        ((ushort)1006, StatusCode.BadField),
                    }
                )
            );
            Assert.That(Of(() => context.Prefill([FakeCore.Vocabulary], 0)), Is.EqualTo(StatusCode.BadTokenId));
            Assert.That(Of(() => context.Prefill([1], 3)), Is.EqualTo(StatusCode.BadField));
            Assert.That(Of(() => context.Prefill(new int[17], 0)), Is.EqualTo(StatusCode.ContextFull));
            Assert.That(
                Of(() => card.Handle.ContextOpen(channel, 513, SamplerSettings.Greedy)),
                Is.EqualTo(StatusCode.ContextLengthExceeded)
            );
            Assert.That(
                Of(() => Enumerable.Range(0, 4).Select(_ => card.Handle.ContextOpen(channel, 8, SamplerSettings.Greedy)).ToArray()),
                Is.EqualTo(StatusCode.KvExhausted)
            );
            Assert.That(Of(() => channel.Submit([TestCard.Nop(5), TestCard.Nop(5)])), Is.EqualTo(StatusCode.CidInUse));
            Assert.That(
                Of(() => channel.Submit([TestCard.Nop(5) with { Flags = (CommandFlags)0x80 }])),
                Is.EqualTo(StatusCode.ReservedNotZero)
            );
        });
    }

    private static SubmissionEntry[] Mistakes(uint context) =>
        [
            new() { Opcode = (Opcode)0x7E, Cid = 1000 },
            new()
            {
                Opcode = Opcode.Prefill,
                Cid = 1001,
                Context = 99,
            },
            new()
            {
                Opcode = Opcode.MemcpyH2D,
                Cid = 1002,
                Destination = 1 << 30,
                Length = 4,
            },
            new()
            {
                Opcode = Opcode.MemcpyH2D,
                Cid = 1003,
                Source = 0x1000,
                Length = 4,
            },
            new()
            {
                Opcode = Opcode.MemcpyH2D,
                Cid = 1004,
                Source = 0x1000,
                Length = 8192,
            },
            new()
            {
                Opcode = Opcode.MemcpyH2D,
                Cid = 1005,
                Source = 0x1001,
                Length = 4,
            },
            new()
            {
                Opcode = Opcode.Decode,
                Cid = 1006,
                Context = context,
                Arg0 = 1,
                Flags = CommandFlags.Stream,
            },
        ];

    [Test]
    public void Decoding_past_the_end_of_the_context_ends_with_context_full()
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(16, ChannelMode.Poll);
        var context = card.Handle.ContextOpen(channel, 8, SamplerSettings.Greedy);
        context.Prefill(Prompt, 0);
        var got = new List<int>();
        var error = Assert.Throws<DriverException>(() =>
        {
            foreach (var token in context.DecodeStream(10))
                got.Add(token.Id);
        });
        Assert.Multiple(() =>
        {
            Assert.That(error!.Code, Is.EqualTo(StatusCode.ContextFull));

            // 5 positions of prompt leave 3; the id that comes out of the last one has no place of its own to be evaluated in.
            Assert.That(got, Is.EqualTo(FakeCore.Expected(Prompt, 4)));
        });
    }

    [Test]
    public void Full_ring_refuses_and_drains_in_order_through_many_phase_wraps()
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(4, ChannelMode.Poll);
        var sent = 0;
        var received = new List<int>();
        var some = new CompletionEntry[8];
        while (received.Count < 100)
        {
            var batch = Enumerable.Range(sent + 1, 5).Select(TestCard.Nop).ToArray();
            var accepted = channel.Submit(batch);
            Assert.That(accepted, Is.LessThanOrEqualTo(3));
            sent += accepted;
            var count = channel.Poll(some, TimeSpan.FromMilliseconds(1));
            received.AddRange(some[..count].Select(c => (int)c.Cid));
        }
        Assert.That(received, Is.EqualTo(Enumerable.Range(1, received.Count)));
    }

    [Test]
    public void Slow_host_blocks_only_its_own_channel()
    {
        using var card = new TestCard();
        var slow = card.Handle.CreateChannel(4, ChannelMode.Poll);
        var fast = card.Handle.CreateChannel(16, ChannelMode.Poll);
        var context = card.Handle.ContextOpen(slow, 256, SamplerSettings.Greedy);
        context.Prefill(Prompt, 0);
        slow.Submit([
            new()
            {
                Opcode = Opcode.Decode,
                Flags = CommandFlags.Stream,
                Cid = 500,
                Context = context.Handle,
                Arg0 = 30,
            },
        ]);
        var other = card.Generate(fast, [7, 8], 40);
        var tokensBefore = card.Handle.Telemetry().Tokens;
        var late = TestCard.PollAll(slow);
        Assert.Multiple(() =>
        {
            Assert.That(other, Is.EqualTo(FakeCore.Expected([7, 8], 40)));
            Assert.That(tokensBefore, Is.LessThan(5 + 2 + 39 + 6), "the slow channel stopped when its ring was full");
            Assert.That(late.Select(c => (int)c.Result), Is.EqualTo(FakeCore.Expected(Prompt, 30)));
            Assert.That(late.Count(c => !c.StreamContinues), Is.EqualTo(1));
        });
    }

    [Test]
    public void Contexts_of_two_channels_share_the_pipeline()
    {
        using var card = new TestCard();
        var a = card.Handle.CreateChannel(64, ChannelMode.Poll);
        var b = card.Handle.CreateChannel(64, ChannelMode.Poll);
        using var first = card.Handle.ContextOpen(a, 256, SamplerSettings.Greedy);
        using var second = card.Handle.ContextOpen(b, 256, SamplerSettings.Greedy);
        first.Prefill(Prompt, 0);
        second.Prefill([9, 9], 0);
        var start = card.Handle.TimeNs;
        var pairs = first.DecodeStream(30).Zip(second.DecodeStream(30)).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(pairs.Select(p => p.First.Id), Is.EqualTo(FakeCore.Expected(Prompt, 30)));
            Assert.That(pairs.Select(p => p.Second.Id), Is.EqualTo(FakeCore.Expected([9, 9], 30)));

            // One context alone needs 29 passes one after the other; the second hides in the pipeline: an initiation interval is a tenth of
            // a pass.
            Assert.That(card.Handle.TimeNs - start, Is.LessThan(29 * FakeCore.DecodeNs * 1.15));
        });
    }

    [Test]
    public void Abandoned_stream_stops_the_chip_and_the_channel_stays_usable()
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(16, ChannelMode.Interrupt);
        var context = card.Handle.ContextOpen(channel, 256, SamplerSettings.Greedy);
        context.Prefill(Prompt, 0);
        var taken = context.DecodeStream(200).Take(3).Select(t => t.Id).ToArray();
        var passes = card.Handle.Telemetry().Passes;
        Assert.Multiple(() =>
        {
            Assert.That(taken, Is.EqualTo(FakeCore.Expected(Prompt, 3)));
            Assert.That(passes, Is.LessThan(8));
            Assert.That(channel.InFlight, Is.Zero);
            Assert.That(card.Generate(channel, [4], 3), Is.EqualTo(FakeCore.Expected([4], 3)));
        });
    }

    [Test]
    public void Cancellation_reaches_the_core_inside_a_token()
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(16, ChannelMode.Poll);
        var context = card.Handle.ContextOpen(channel, 256, SamplerSettings.Greedy);
        context.Prefill(Prompt, 0);
        using var source = new CancellationTokenSource();
        var calls = 0;
        card.Core.OnDecode = () =>
        {
            if (++calls == 4)
                source.Cancel();
        };
        var got = new List<int>();
        Assert.Multiple(() =>
        {
            Assert.That(
                () =>
                {
                    foreach (var token in context.DecodeStream(100, cancel: source.Token))
                        got.Add(token.Id);
                },
                Throws.InstanceOf<OperationCanceledException>()
            );
            Assert.That(got, Is.EqualTo(FakeCore.Expected(Prompt, got.Count)).And.Count.InRange(3, 4));
            Assert.That(calls, Is.EqualTo(4));
            Assert.That(channel.InFlight, Is.Zero);
        });
    }

    [Test]
    public void Cancel_answers_the_running_prefill_once_and_takes_it_back()
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(64, ChannelMode.Poll);
        var context = card.Handle.ContextOpen(channel, 256, SamplerSettings.Greedy);
        context.Prefill(new int[200], 0);
        context.Trim(0);
        var buffer = card.Handle.Pin(new byte[800]);
        channel.Submit([
            new()
            {
                Opcode = Opcode.Prefill,
                Cid = 900,
                Context = context.Handle,
                Source = buffer.Address,
                Length = 800,
                Arg0 = 200,
            },
        ]);

        // 200 tokens take the core 200 µs: the cancel comes in the middle.
        card.Card.Clock.AdvanceTo(card.Handle.TimeNs + 50_000);
        channel.Submit([
            new()
            {
                Opcode = Opcode.Cancel,
                Cid = 901,
                Context = context.Handle,
            },
        ]);
        var answers = TestCard.PollAll(channel, 10);
        Assert.Multiple(() =>
        {
            Assert.That(
                answers.Select(c => (c.Cid, c.Code)),
                Is.EqualTo(new[] { ((ushort)900, StatusCode.Cancelled), ((ushort)901, StatusCode.Ok) })
            );
            Assert.That(context.Prefill(Prompt, 0), Is.EqualTo(5), "the cancelled prefill left nothing behind");
        });
    }

    [Test]
    public void Driver_timeout_aborts_the_command_and_keeps_the_channel()
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(64, ChannelMode.Poll);
        var context = card.Handle.ContextOpen(channel, 256, SamplerSettings.Greedy);
        context.Prefill(Prompt, 0);
        var error = Assert.Throws<DriverException>(() => _ = context.DecodeStream(100, TimeSpan.FromMicroseconds(30)).ToArray());
        var late = TestCard.PollAll(channel, 10);
        Assert.Multiple(() =>
        {
            Assert.That(error!.Code, Is.EqualTo(StatusCode.Timeout));
            Assert.That(late, Is.Empty, "nothing completes after the abort");
            Assert.That(channel.Dead, Is.Null);
            Assert.That(card.Generate(channel, [4], 3), Is.EqualTo(FakeCore.Expected([4], 3)));
        });
    }

    [Test]
    public void Copies_never_touch_host_memory_outside_the_pin() =>
        Gen.Select(Gen.Int[-64, 4200], Gen.Int[1, 4200], Gen.Bool)
            .Sample(
                (offset, length, useList) =>
                {
                    using var card = new TestCard(LatencyMode.None);
                    var channel = card.Handle.CreateChannel(16, ChannelMode.Poll);
                    var memory = Enumerable.Repeat((byte)0xA5, 8192).ToArray();
                    var pin = card.Handle.Pin(memory.AsMemory(2048, 4096));
                    var list = new byte[16];
                    var target = pin.Address + (ulong)offset;
                    BitConverter.TryWriteBytes(list, target);
                    BitConverter.TryWriteBytes(list.AsSpan(8), length);
                    var listPin = card.Handle.Pin(list);
                    channel.Submit([
                        new()
                        {
                            Opcode = Opcode.MemcpyD2H,
                            Cid = 900,
                            Length = (uint)length,
                            Flags = useList ? CommandFlags.ScatterList : CommandFlags.None,
                            Destination = useList ? listPin.Address : target,
                        },
                    ]);
                    var code = TestCard.PollAll(channel, 10).Single().Code;
                    var inside = offset >= 0 && offset + length <= 4096;
                    var expected = !useList && length > 4096 ? StatusCode.DmaLength : StatusCode.Ok;
                    if ((target & 3) != 0)
                        expected = StatusCode.DmaAddressFault;
                    else if (expected == StatusCode.Ok && !inside)
                        expected = StatusCode.IommuFault;
                    var written = Enumerable.Range(0, memory.Length).Where(i => memory[i] != 0xA5).ToArray();
                    Assert.That(code, Is.EqualTo(expected));
                    Assert.That(written, Is.EqualTo(code == StatusCode.Ok ? Enumerable.Range(2048 + offset, length) : []));
                },
                iter: 60
            );

    [Test]
    public void Device_timeout_ends_a_long_command()
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(64, ChannelMode.Poll);
        var context = card.Handle.ContextOpen(channel, 256, SamplerSettings.Greedy);
        context.Prefill(Prompt, 0);
        channel.Submit([
            new()
            {
                Opcode = Opcode.Decode,
                Flags = CommandFlags.Stream,
                Cid = 700,
                Context = context.Handle,
                Arg0 = 100,
                TimeoutMs = 1,
            },
        ]);
        var answers = TestCard.PollAll(channel, 10);
        Assert.Multiple(() =>
        {
            Assert.That(answers[^1].Code, Is.EqualTo(StatusCode.Timeout));
            Assert.That(answers.Length, Is.EqualTo(1_000_000 / FakeCore.DecodeNs + 2), "id from the prefill, one each 59 µs, the answer");
        });
    }

    [Test]
    public void Coalescing_saves_interrupts_and_loses_no_token()
    {
        int Interrupts(byte count)
        {
            using var card = new TestCard(trace: 100_000);
            var channel = card.Handle.CreateChannel(128, ChannelMode.Interrupt);
            channel.Coalesce(count, count == 0 ? (ushort)0 : (ushort)1000);
            Assert.That(card.Generate(channel, Prompt, 64), Is.EqualTo(FakeCore.Expected(Prompt, 64)));
            return card.Card.Trace!.Events.Count(e => e.Kind == BusEventKind.Interrupt && e.Address == (ulong)channel.Index);
        }
        Assert.Multiple(() =>
        {
            // Besides the 64 tokens, opening, prefill and closing answer once each.
            Assert.That(Interrupts(0), Is.EqualTo(64 + 3));
            Assert.That(Interrupts(8), Is.EqualTo(64 / 8 + 3));
        });
    }

    [Test]
    public void Output_array_receives_what_the_stream_would()
    {
        using var card = new TestCard();
        var channel = card.Handle.CreateChannel(16, ChannelMode.Poll);
        var context = card.Handle.ContextOpen(channel, 256, SamplerSettings.Greedy);
        context.Prefill(Prompt, 0);
        var memory = new byte[80];
        var buffer = card.Handle.Pin(memory);
        channel.Submit([
            new()
            {
                Opcode = Opcode.Decode,
                Cid = 600,
                Context = context.Handle,
                Arg0 = 20,
                Arg2 = 20,
                Length = 80,
                Destination = buffer.Address,
            },
        ]);
        var answer = TestCard.PollAll(channel, 10).Single();
        Assert.Multiple(() =>
        {
            Assert.That(answer.Result, Is.EqualTo(20));
            Assert.That(
                Enumerable.Range(0, 20).Select(i => BitConverter.ToInt32(memory, 4 * i)),
                Is.EqualTo(FakeCore.Expected(Prompt, 20))
            );
        });
    }

    [Test]
    public void Foreign_context_is_refused_and_two_clients_get_two_channels()
    {
        using var card = new TestCard();
        using var other = card.Driver.Open(0);
        var mine = card.Handle.CreateChannel(16, ChannelMode.Poll);
        var theirs = other.CreateChannel(16, ChannelMode.Poll);
        var context = card.Handle.ContextOpen(mine, 16, SamplerSettings.Greedy);
        theirs.Submit([
            new()
            {
                Opcode = Opcode.ContextClose,
                Cid = 1,
                Context = context.Handle,
            },
        ]);
        Assert.Multiple(() =>
        {
            Assert.That(mine.Index, Is.Not.EqualTo(theirs.Index));
            Assert.That(TestCard.PollAll(theirs, 10).Single().Code, Is.EqualTo(StatusCode.NoPermission));
        });
    }

    [Test]
    public void One_shared_vector_serves_every_channel()
    {
        using var card = new TestCard(vectors: 1);
        var a = card.Handle.CreateChannel(16, ChannelMode.Interrupt);
        var b = card.Handle.CreateChannel(16, ChannelMode.Interrupt);
        Assert.Multiple(() =>
        {
            Assert.That(card.Generate(a, Prompt, 10), Is.EqualTo(FakeCore.Expected(Prompt, 10)));
            Assert.That(card.Generate(b, Prompt, 10), Is.EqualTo(FakeCore.Expected(Prompt, 10)));
        });
    }

    [Test]
    public void Registers_hold_identity_and_unknown_ones_count_an_error()
    {
        using var card = new TestCard();
        var link = card.Card.Link;
        var before = link.Read(Bar.Control, Bar0.CorrectableCount);
        Assert.Multiple(() =>
        {
            Assert.That(link.Read(Bar.Control, Bar0.Id), Is.EqualTo(0x31435748));
            Assert.That(link.Read(Bar.Control, Bar0.Vocabulary), Is.EqualTo(FakeCore.Vocabulary));
            Assert.That(link.Read(Bar.Control, 0x3000), Is.Zero);
            Assert.That(link.Read(Bar.Control, Bar0.CorrectableCount), Is.EqualTo(before + 1));
            Assert.That(card.Handle.Errors()[^1].Address, Is.EqualTo(0x3000));
            Assert.That(card.Handle.Info, Is.EqualTo(card.Core.Identity));
        });
    }

    [Test]
    public void Trace_is_valid_json_and_repeats_to_the_nanosecond()
    {
        byte[] Run()
        {
            using var card = new TestCard(trace: 5000);
            card.Generate(card.Handle.CreateChannel(16, ChannelMode.Interrupt), Prompt, 10);
            var stream = new MemoryStream();
            card.Card.Trace!.WritePerfetto(stream);
            return stream.ToArray();
        }
        var first = Run();
        Assert.Multiple(() =>
        {
            Assert.That(first, Is.EqualTo(Run()));
            Assert.That(
                System.Text.Json.JsonDocument.Parse(first).RootElement.GetProperty("traceEvents").GetArrayLength(),
                Is.GreaterThan(50)
            );
        });
    }
}
