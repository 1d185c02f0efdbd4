namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Commands of the admin queue (below 0x20) and of the I/O channels. Codes of the interface that this card lacks answer
/// 0001.</summary>
public enum Opcode : byte
{
    /// <summary>Does nothing.</summary>
    Nop = 0x00,

    /// <summary>Identity and sizes of the card.</summary>
    Identify = 0x01,

    /// <summary>Gives a channel its completion ring.</summary>
    CreateCq = 0x02,

    /// <summary>Gives a channel its submission ring.</summary>
    CreateSq = 0x03,

    /// <summary>Ends a channel.</summary>
    DeleteSq = 0x04,

    /// <summary>Frees a channel.</summary>
    DeleteCq = 0x05,

    /// <summary>Ends a command of a channel.</summary>
    Abort = 0x06,

    /// <summary>Reads a log page.</summary>
    GetLog = 0x07,

    /// <summary>Answered when the card has something to report.</summary>
    AsyncEvent = 0x0A,

    /// <summary>Takes a piece of a runtime image.</summary>
    ImageLoad = 0x0B,

    /// <summary>Starts the verified runtime image.</summary>
    ImageActivate = 0x0C,

    /// <summary>Exchanges times.</summary>
    TimeSync = 0x0D,

    /// <summary>Ends a client.</summary>
    Terminate = 0x0E,

    /// <summary>Opens a context.</summary>
    ContextOpen = 0x20,

    /// <summary>Closes a context and zeroes its KV memory.</summary>
    ContextClose = 0x21,

    /// <summary>Appends tokens to a context.</summary>
    Prefill = 0x22,

    /// <summary>Produces tokens.</summary>
    Decode = 0x23,

    /// <summary>Appends a prompt of a model that decodes in blocks.</summary>
    PrefillBlock = 0x24,

    /// <summary>Fills one block of masked positions.</summary>
    DecodeBlock = 0x25,

    /// <summary>Forgets the end of a context.</summary>
    KvTrim = 0x28,

    /// <summary>Replaces sampler settings and stop ids.</summary>
    SetSampler = 0x2B,

    /// <summary>Reads a row of the latest logits.</summary>
    LogitsRead = 0x2C,

    /// <summary>Stops what runs in a context.</summary>
    Cancel = 0x2F,

    /// <summary>Copies from host memory to SRAM.</summary>
    MemcpyH2D = 0x30,

    /// <summary>Copies from SRAM to host memory.</summary>
    MemcpyD2H = 0x31,

    /// <summary>Ends after the commands before it, as every command does.</summary>
    Fence = 0x32,
}
