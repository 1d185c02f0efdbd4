using CsCheck;
using NUnit.Framework;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Tests.Card;

[TestFixture, Category("Smoke")]
public sealed class LayoutTests
{
    [Test]
    public void Crc32c_of_the_standard_check_string_is_the_published_value() =>
        Assert.That(Crc32C.Of("123456789"u8), Is.EqualTo(0xE3069283));

    [Test]
    public void Command_fields_stand_at_their_offsets()
    {
        var bytes = new byte[SubmissionEntry.Size];
        new SubmissionEntry
        {
            Opcode = Opcode.Decode,
            Flags = CommandFlags.Stream,
            Cid = 0x0102,
            Context = 3,
            UserData = 4,
            TimeoutMs = 5,
            DependsOn = 6,
            Source = 7,
            Destination = 8,
            Length = 9,
            Arg0 = 10,
            Arg1 = 11,
            Arg2 = 12,
            Arg3 = 13,
        }.Write(bytes);
        (int At, int Value)[] expected =
        [
            (0, 0x23),
            (1, 32),
            (2, 2),
            (3, 1),
            (4, 3),
            (8, 4),
            (16, 5),
            (20, 6),
            (24, 7),
            (32, 8),
            (40, 9),
            (44, 10),
            (48, 11),
            (52, 12),
            (56, 13),
        ];
        Assert.Multiple(() =>
        {
            foreach (var (at, value) in expected)
                Assert.That(bytes[at], Is.EqualTo(value), $"byte {at}");
            Assert.That(bytes[..60].Count(b => b != 0), Is.EqualTo(expected.Length));
            Assert.That(BitConverter.ToUInt32(bytes, 60), Is.EqualTo(Crc32C.Of(bytes.AsSpan(0, 60))));
        });
    }

    [Test]
    public void Completion_status_word_packs_phase_code_and_flags()
    {
        var bytes = new byte[CompletionEntry.Size];
        new CompletionEntry
        {
            Result = 1,
            Aux = 2,
            SqHead = 3,
            Channel = 4,
            Cid = 5,
            Phase = true,
            Code = StatusCode.Watchdog,
            StreamContinues = true,
        }.Write(bytes);
        Assert.That(bytes, Is.EqualTo(new byte[] { 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 4, 0, 5, 0, 0x0B, 0x48 }));
    }

    [Test]
    public void Completions_survive_the_round_trip() =>
        Gen.Select(Gen.UInt, Gen.UInt, Gen.UShort, Gen.Bool, Gen.Enum<StatusCode>(), Gen.Bool)
            .Select(
                (r, a, c, p, s, m) =>
                    new CompletionEntry
                    {
                        Result = r,
                        Aux = a,
                        Cid = c,
                        Phase = p,
                        Code = s,
                        StreamContinues = m,
                    }
            )
            .Sample(
                entry =>
                {
                    var bytes = new byte[CompletionEntry.Size];
                    entry.Write(bytes);
                    return CompletionEntry.Read(bytes) == entry;
                },
                iter: 500
            );

    [Test]
    public void Any_flipped_bit_of_a_command_breaks_its_crc() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 511])
            .Sample(
                (data, bit) =>
                {
                    var bytes = new byte[SubmissionEntry.Size];
                    new SubmissionEntry
                    {
                        Opcode = Opcode.Nop,
                        Cid = 1,
                        UserData = data,
                    }.Write(bytes);
                    bytes[bit / 8] ^= (byte)(1 << bit % 8);
                    return !SubmissionEntry.CrcHolds(bytes);
                },
                iter: 2000
            );

    [Test]
    public void Gen4_x16_moves_28_8_gigabytes_a_second() =>
        Assert.That(
            TestCard.Link(LatencyMode.Typical).GigabytesPerSecond,
            Is.EqualTo(16.0 * 16 * 128 / 130 / 8 * 256 / 280).Within(1e-9).And.EqualTo(28.8).Within(0.05)
        );

    [Test]
    public void Host_memory_maps_exactly_the_pinned_bytes_of_the_client() =>
        Gen.Select(Gen.Int[1, 9000], Gen.Int[-2, 9002], Gen.Int[0, 9002])
            .Sample(
                (size, offset, length) =>
                {
                    var memory = new HostMemory();
                    memory.Pin(1, new byte[10]);
                    var at = memory.Pin(1, new byte[size]);
                    memory.Pin(2, new byte[10]);
                    var inside = offset >= 0 && offset + length <= size;
                    // Beyond the pin may lie the other client's own.
                    return memory.TryMap(1, at + (ulong)offset, length, out _) == inside
                        && !(inside && length > 0 && memory.TryMap(2, at + (ulong)offset, length, out _));
                },
                iter: 2000
            );
}
