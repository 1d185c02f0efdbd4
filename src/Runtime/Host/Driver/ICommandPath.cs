using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>
/// What carries the commands of a context to the card and their answers back: a channel of a card in this process, or one of a card in
/// another. Used under <see cref="Gate"/>.
/// </summary>
public interface ICommandPath
{
    /// <summary>One host thread at a time uses the path.</summary>
    Lock Gate { get; }

    /// <summary>Why it is dead; null while it lives.</summary>
    StatusCode? Dead { get; }

    /// <summary>Tokens of the model's vocabulary.</summary>
    int Vocabulary { get; }

    /// <summary>Simulated time of the last answer taken, ns.</summary>
    long AnswerTimeNs { get; }

    /// <summary>How long a command may take unless the caller says otherwise.</summary>
    TimeSpan Execute { get; }

    /// <summary>Makes bytes visible to the card, with their present content.</summary>
    PinnedBuffer Pin(byte[] data);

    /// <summary>Takes them back.</summary>
    void Unpin(PinnedBuffer buffer);

    /// <summary>Sends a command; returns its cid.</summary>
    /// <exception cref="DriverException">The path is dead, or there is no room in time.</exception>
    ushort Send(SubmissionEntry entry, TimeSpan timeout, CancellationToken cancel);

    /// <summary>The next completion of a command.</summary>
    /// <exception cref="DriverException">It did not come in time.</exception>
    CompletionEntry Receive(ushort cid, TimeSpan timeout, CancellationToken cancel);

    /// <summary>The context that used the path has been freed.</summary>
    void Release();

    /// <summary>Aborts a command that is in flight and throws its remaining completions away.</summary>
    void Abandon(ushort cid);

    /// <summary>Waits until data that the card wrote have the check value of their completion.</summary>
    /// <exception cref="DriverException">They did not come whole in time (0203).</exception>
    void AwaitData(PinnedBuffer data, uint check, TimeSpan timeout, CancellationToken cancel);
}
