namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Answer of a command: type in bits 8–10, code in bits 0–7.</summary>
public enum StatusCode : ushort
{
    /// <summary>Done.</summary>
    Ok = 0x0000,

    /// <summary>The channel has no such command.</summary>
    BadOpcode = 0x0001,

    /// <summary>An argument has a value that the command does not take.</summary>
    BadField = 0x0002,

    /// <summary>Reserved bits are set.</summary>
    ReservedNotZero = 0x0003,

    /// <summary>ABORT or an abrupt shutdown ended the command.</summary>
    Aborted = 0x0004,

    /// <summary>The command ran longer than its limit, or a read was not answered.</summary>
    Timeout = 0x0005,

    /// <summary>CANCEL ended the command.</summary>
    Cancelled = 0x0006,

    /// <summary>A reset, or the end of its channel, ended the command.</summary>
    DeviceReset = 0x0007,

    /// <summary>The context belongs to another client.</summary>
    NoPermission = 0x0008,

    /// <summary>The card is not in a state for the command.</summary>
    Busy = 0x0009,

    /// <summary>There is no such context.</summary>
    BadContext = 0x0101,

    /// <summary>The context has no room for the tokens.</summary>
    ContextFull = 0x0102,

    /// <summary>A doorbell carried an index outside its ring.</summary>
    BadDoorbell = 0x0103,

    /// <summary>The cid is in flight already.</summary>
    CidInUse = 0x0104,

    /// <summary>The channel or ring does not fit the request.</summary>
    QueueInvalid = 0x0105,

    /// <summary>A host address is not a multiple of 4.</summary>
    DmaAddressFault = 0x0201,

    /// <summary>A length does not fit the command or the transfer limit.</summary>
    DmaLength = 0x0202,

    /// <summary>Data arrived damaged.</summary>
    PoisonedData = 0x0203,

    /// <summary>An address is outside the client's pinned memory.</summary>
    IommuFault = 0x0204,

    /// <summary>A scatter list is too long, loops, or does not add up.</summary>
    ScatterListMalformed = 0x0205,

    /// <summary>A range is outside SRAM.</summary>
    SramOutOfRange = 0x0206,

    /// <summary>The runtime image is damaged.</summary>
    ImageRejected = 0x0301,

    /// <summary>The runtime image is not signed as the policy asks.</summary>
    ImageSignature = 0x0302,

    /// <summary>The runtime image is for another model or mask.</summary>
    ModelMismatch = 0x0303,

    /// <summary>More positions than the chip can hold.</summary>
    ContextLengthExceeded = 0x0304,

    /// <summary>Every context is in use.</summary>
    KvExhausted = 0x0305,

    /// <summary>A token id is outside the vocabulary.</summary>
    BadTokenId = 0x0306,

    /// <summary>The logits hold a NaN.</summary>
    NotANumber = 0x0307,

    /// <summary>An uncorrectable error struck the context's KV memory.</summary>
    EccContained = 0x0401,

    /// <summary>An uncorrectable error struck shared memory.</summary>
    EccFatal = 0x0402,

    /// <summary>The card is too hot.</summary>
    ThermalStop = 0x0403,

    /// <summary>The host has told the card to save power.</summary>
    PowerBreak = 0x0404,

    /// <summary>Firmware stopped.</summary>
    Watchdog = 0x0405,

    /// <summary>The card does not answer on the link.</summary>
    Link = 0x0406,
}
