namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Byte 1 of a command. Channels run their commands in order, so the fences hold by themselves.</summary>
[Flags]
public enum CommandFlags : byte
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>Starts after every command before it.</summary>
    FenceBefore = 1,

    /// <summary>Ends before any command after it starts.</summary>
    FenceAfter = 2,

    /// <summary>Interrupt on completion even when the completion ring was not empty, at once.</summary>
    Interrupt = 4,

    /// <summary>Post no completion when the command succeeds.</summary>
    SilentSuccess = 8,

    /// <summary>The host address is that of a scatter list.</summary>
    ScatterList = 16,

    /// <summary>One completion per token.</summary>
    Stream = 32,
}
