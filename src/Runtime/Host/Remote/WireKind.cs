namespace TaalasSim.Runtime.Host.Remote;

/// <summary>Kinds of messages between a client and the process of a card.</summary>
internal enum WireKind
{
    /// <summary>A request was done; text may hold its result.</summary>
    Done = 1,

    /// <summary>A request was refused: A is the status code, text the reason.</summary>
    Refused = 2,

    /// <summary>A completion is in a ring: A the channel, Time the simulated time.</summary>
    Interrupt = 3,

    /// <summary>The session ended: A is the status code.</summary>
    SessionEnded = 4,

    /// <summary>Open the card as a client: A is the version of this protocol.</summary>
    Hello = 16,

    /// <summary>Create a channel: A entries, B and C offsets of the rings.</summary>
    CreateChannel = 17,

    /// <summary>Doorbell: commands are in the ring of channel A up to index B.</summary>
    SqTail = 18,

    /// <summary>Doorbell: completions of channel A are taken up to index B.</summary>
    CqHead = 19,

    /// <summary>Abort command B of channel A.</summary>
    Abort = 20,

    /// <summary>Counters and sensors.</summary>
    Telemetry = 21,

    /// <summary>State of the card and its clients.</summary>
    Status = 22,

    /// <summary>Error records.</summary>
    Log = 23,

    /// <summary>Reset the card: A is 1 for a function-level reset.</summary>
    Reset = 24,

    /// <summary>Injects the fault that the text names.</summary>
    Fault = 25,

    /// <summary>End the process.</summary>
    Stop = 26,

    /// <summary>Reset the card and load the runtime image at offset A of the client's memory, B bytes long.</summary>
    LoadImage = 27,
}
