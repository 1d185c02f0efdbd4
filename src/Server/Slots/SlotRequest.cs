using System.Diagnostics;
using System.Threading.Channels;
using TaalasSim.Runtime.Decode.Grammars;
using TaalasSim.Server.Requests;

namespace TaalasSim.Server.Slots;

/// <summary>One answer that a slot is to make.</summary>
public sealed class SlotRequest
{
    private readonly Channel<AnswerPart> _parts = Channel.CreateUnbounded<AnswerPart>();

    /// <summary>Number of the answer among those of its HTTP request.</summary>
    public required int Index { get; init; }

    /// <summary>Token ids.</summary>
    public required int[] Prompt { get; init; }

    /// <summary>What is asked for.</summary>
    public required CompletionSettings Settings { get; init; }

    /// <summary>What the answer must match; null for anything.</summary>
    public Grammar? Grammar { get; init; }

    /// <summary>Ends when the client has left.</summary>
    public required CancellationToken Left { get; init; }

    /// <summary>Span of the HTTP request.</summary>
    internal ActivityContext Span { get; } = Activity.Current?.Context ?? default;

    /// <summary>What the slot tells.</summary>
    public ChannelReader<AnswerPart> Parts => _parts.Reader;

    // A client that reads slower than this many parts stops its slot until it has read.
    private const int MostUnread = 1024;

    internal bool IsFull => _parts.Reader.Count >= MostUnread;

    internal void Tell(AnswerPart part) => _parts.Writer.TryWrite(part);

    internal void Close() => _parts.Writer.TryComplete();
}
