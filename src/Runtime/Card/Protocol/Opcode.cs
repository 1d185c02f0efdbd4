namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Commands of the admin queue (below 0x20) and of the I/O channels. Codes of the interface that this card lacks answer
/// 0001.</summary>
public enum Opcode : byte
{
    Nop = 0x00,
    Identify = 0x01,
    CreateCq = 0x02,
    CreateSq = 0x03,
    DeleteSq = 0x04,
    DeleteCq = 0x05,
    Abort = 0x06,
    GetLog = 0x07,
    AsyncEvent = 0x0A,
    ImageLoad = 0x0B,
    ImageActivate = 0x0C,
    TimeSync = 0x0D,
    Terminate = 0x0E,

    ContextOpen = 0x20,
    ContextClose = 0x21,
    Prefill = 0x22,
    Decode = 0x23,
    KvTrim = 0x28,
    SetSampler = 0x2B,
    LogitsRead = 0x2C,
    Cancel = 0x2F,
    MemcpyH2D = 0x30,
    MemcpyD2H = 0x31,
    Fence = 0x32,
}
