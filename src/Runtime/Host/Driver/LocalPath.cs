using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>A channel of a card in this process.</summary>
internal sealed class LocalPath(CardHandle card, Channel channel) : ICommandPath
{
    private readonly CardSession _session = card.Session;

    /// <inheritdoc/>
    public Lock Gate => _session.Gate;

    /// <inheritdoc/>
    public StatusCode? Dead => _session.Dead ?? channel.Dead;

    /// <inheritdoc/>
    public int Vocabulary => card.Info.Vocabulary;

    /// <inheritdoc/>
    public long AnswerTimeNs => _session.Link.Clock.Now;

    /// <inheritdoc/>
    public TimeSpan Execute => _session.Timeouts.Execute;

    /// <inheritdoc/>
    public PinnedBuffer Pin(byte[] data) => card.Pin(data);

    /// <inheritdoc/>
    public void Unpin(PinnedBuffer buffer) => card.Unpin(buffer);

    /// <inheritdoc/>
    public ushort Send(SubmissionEntry entry, TimeSpan timeout, CancellationToken cancel) => channel.Send(entry, timeout, cancel);

    /// <inheritdoc/>
    public CompletionEntry Receive(ushort cid, TimeSpan timeout, CancellationToken cancel) => channel.Receive(cid, timeout, cancel);

    // The channel stays the caller's.
    /// <inheritdoc/>
    public void Release() { }

    /// <inheritdoc/>
    public void Abandon(ushort cid) => channel.Abandon(cid);

    /// <inheritdoc/>
    public void AwaitData(PinnedBuffer data, uint check, TimeSpan timeout, CancellationToken cancel) =>
        _session.AwaitData(channel, data.Memory, check, timeout, cancel);
}
