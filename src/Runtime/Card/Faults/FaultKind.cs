namespace TaalasSim.Runtime.Card.Faults;

/// <summary>
/// Faults that can be injected; each names its opportunity, i.e. what the trigger counts. "Step" is one prefill or one decoded token.
/// The expected answers are tabled in docs/card.md.
/// </summary>
public enum FaultKind
{
    /// <summary>Submission doorbell of an I/O channel lost.</summary>
    DropDoorbell = 1,

    /// <summary>Submission doorbell arrives twice.</summary>
    DuplicateDoorbell = 2,

    /// <summary>Submission doorbell carries an index outside the ring.</summary>
    TailOutOfRange = 3,

    /// <summary>Completion written with the old phase.</summary>
    PhaseStuck = 4,

    /// <summary>Data of a LOGITS_READ or MEMCPY to the host land <c>Argument</c> µs after their completion.</summary>
    CompletionBeforeData = 5,

    /// <summary>Interrupt lost.</summary>
    LostInterrupt = 6,

    /// <summary>Every interrupt brings <c>Argument</c> more, 10 µs apart.</summary>
    InterruptStorm = 7,

    /// <summary>An interrupt without a completion, at a step.</summary>
    SpuriousInterrupt = 8,

    /// <summary>A data read of host memory is never answered.</summary>
    DmaReadTimeout = 9,

    /// <summary>A data read comes back poisoned.</summary>
    PoisonedRead = 10,

    /// <summary>A data access goes to an unmapped address.</summary>
    IommuFault = 11,

    /// <summary>A scatter list points back to itself.</summary>
    ScatterLoop = 12,

    /// <summary>One bit of a command flips on its way; argument 1: on the second read too.</summary>
    CommandBitFlip = 13,

    /// <summary>A command arrives with a cid that is in flight.</summary>
    CidReuse = 14,

    /// <summary>KV memory error at a step; argument 1 = single bit, 2 = double bit.</summary>
    KvBit = 15,

    /// <summary>A ROM cell is found stuck at a step; argument 1: a spare row replaces it, 2: none is left.</summary>
    RomStuckBit = 16,

    /// <summary>A NaN in the logits at a step.</summary>
    NanLogits = 17,

    /// <summary>Firmware stops at a step, and the heartbeat with it.</summary>
    FirmwareHang = 18,

    /// <summary>The watchdog resets the card at a step.</summary>
    WatchdogReset = 19,

    /// <summary>The link goes down at a step for <c>Argument</c> ms and comes back through a hot reset.</summary>
    LinkDown = 20,

    /// <summary>The card is pulled at a step.</summary>
    SurpriseRemoval = 21,

    /// <summary>A function-level reset at a step.</summary>
    FunctionReset = 22,

    /// <summary>Critical temperature at a step for <c>Argument</c> ms.</summary>
    ThermalCritical = 23,

    /// <summary>Power break at a step for <c>Argument</c> ms.</summary>
    PowerBreak = 24,

    /// <summary>A byte of the image flips on its way to the card (one DMA of IMAGE_LOAD).</summary>
    ImageCorrupted = 25,

    /// <summary>The device's clock jumps ahead by <c>Argument</c> µs at a step.</summary>
    ClockSkew = 28,

    /// <summary>The last 8 bytes of a completion land at once, the first 8 <c>Argument</c> µs later.</summary>
    TornCompletion = 31,

    /// <summary>From an interrupt on, the host has one vector for all channels.</summary>
    SingleVector = 32,
}
