namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Offsets inside a channel's own 4 KiB page of BAR2. Values are ring indices.</summary>
public static class Doorbell
{
    /// <summary>Bytes of a channel's page.</summary>
    public const int PageSize = 4096;

    /// <summary>The host has placed commands up to here.</summary>
    public const int SqTail = 0x0;

    /// <summary>The host has taken completions up to here.</summary>
    public const int CqHead = 0x4;

    /// <summary>Read-only: the device has fetched commands up to here.</summary>
    public const int SqHeadShadow = 0x8;

    /// <summary>Read-only: the device has written completions up to here.</summary>
    public const int CqTailShadow = 0xC;

    /// <summary>Bits 0–7 completions, bits 8–23 µs; 0 = every empty-to-non-empty step interrupts.</summary>
    public const int IrqCoalesce = 0x10;

    /// <summary>Any write sends a held-back interrupt now.</summary>
    public const int Flush = 0x14;
}
