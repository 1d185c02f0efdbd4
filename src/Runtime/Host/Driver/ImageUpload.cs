using System.Buffers.Binary;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>Sends a runtime image to a card, piece by piece, and activates it.</summary>
internal static class ImageUpload
{
    private const int PieceBytes = 1 << 20;

    /// <summary>Sends <paramref name="image"/> from its present position to its end.</summary>
    /// <exception cref="DriverException">0301, 0302 or 0303 when the card rejects the image, 0009 when one is active.</exception>
    public static void Run(CardSession session, Stream image, CancellationToken cancel)
    {
        byte[] piece = new byte[PieceBytes],
            next = new byte[PieceBytes];
        var list = new byte[16];
        var memory = session.Link.Memory;
        var address = memory.Pin(0, piece);
        var listAddress = memory.Pin(0, list);
        BinaryPrimitives.WriteUInt64LittleEndian(list, address);
        try
        {
            long offset = 0;
            var got = image.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false);
            do
            {
                cancel.ThrowIfCancellationRequested();
                BinaryPrimitives.WriteUInt32LittleEndian(list.AsSpan(8), (uint)got);

                // A piece is the last when nothing follows it, so the next is read before it is sent.
                var ahead = got < piece.Length ? 0 : image.ReadAtLeast(next, next.Length, throwOnEndOfStream: false);
                Send(session, listAddress, got, offset, isLast: ahead == 0);
                offset += got;
                got = ahead;
                next.AsSpan(0, ahead).CopyTo(piece);
            } while (got > 0);
        }
        finally
        {
            memory.Unpin(0, address);
            memory.Unpin(0, listAddress);
        }
        var active = session.Admin(new SubmissionEntry { Opcode = Opcode.ImageActivate }, session.Timeouts.Control);
        if (active.Code != StatusCode.Ok)
            throw new DriverException(active.Code, "the card did not activate the runtime image");
    }

    private static void Send(CardSession session, ulong list, int bytes, long offset, bool isLast)
    {
        var answer = session.Admin(
            new SubmissionEntry
            {
                Opcode = Opcode.ImageLoad,
                Flags = CommandFlags.ScatterList,
                Source = list,
                Length = (uint)bytes,
                Arg0 = (uint)offset,
                Arg1 = (uint)(offset >> 32),
                Arg2 = isLast ? 1u : 0,
            },
            session.Timeouts.Control
        );
        if (answer.Code != StatusCode.Ok)
            throw new DriverException(answer.Code, $"the card refused the runtime image, check {(ImageCheck)answer.Aux}");
    }
}
