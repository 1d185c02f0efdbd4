namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Byte offsets of the control registers in BAR0. 64-bit registers are read and written as two dwords, low first.</summary>
public static class Bar0
{
    /// <summary>Identification; reads <see cref="IdValue"/>.</summary>
    public const int Id = 0x000;

    /// <summary>Version of this map; reads <see cref="VersionValue"/>.</summary>
    public const int Version = 0x004;

    /// <summary>What the card can do, 64 bits: ring size, channels, kinds of reset, default timeout.</summary>
    public const int Capabilities = 0x008;

    /// <summary>Enable and shutdown, the Control… bits.</summary>
    public const int Control = 0x010;

    /// <summary>Ready, fatal and shutdown bits, boot stage in bits 4–5, state in bits 16–31.</summary>
    public const int Status = 0x014;

    /// <summary>Soft reset when <see cref="ResetKey"/> is written.</summary>
    public const int Reset = 0x018;

    /// <summary>Resets since power-on.</summary>
    public const int ResetGeneration = 0x01C;

    /// <summary>Causes since the host cleared them; writing a bit clears it.</summary>
    public const int IrqStatus = 0x020;

    /// <summary>Causes that the host does not want to hear of.</summary>
    public const int IrqMask = 0x024;

    /// <summary>Bus address of the admin submission ring, 64 bits; fixed while enabled.</summary>
    public const int AdminSqBase = 0x030;

    /// <summary>Bus address of the admin completion ring, 64 bits; fixed while enabled.</summary>
    public const int AdminCqBase = 0x038;

    /// <summary>Entries of the admin rings − 1: submission in bits 0–11, completion in bits 16–27.</summary>
    public const int AdminQueueSize = 0x040;

    /// <summary>Grows every 10 ms while firmware runs.</summary>
    public const int Heartbeat = 0x050;

    /// <summary>Firmware that hangs for so long resets the card, ms; 0 = never.</summary>
    public const int WatchdogMs = 0x054;

    /// <summary>Device time since the boot began, ns, 64 bits.</summary>
    public const int TimeNs = 0x058;

    /// <summary>Host time, ns, 64 bits; written by the host, reads 0.</summary>
    public const int HostTimeNs = 0x060;

    /// <summary>SRAM address of the first byte of BAR4, 64 bits.</summary>
    public const int SramWindowBase = 0x070;

    /// <summary>Version of the firmware.</summary>
    public const int FirmwareVersion = 0x080;

    /// <summary>How far the runtime image has come, a <see cref="Protocol.ImageState"/>.</summary>
    public const int ImageState = 0x084;

    /// <summary>Status code of the last rejected runtime image.</summary>
    public const int ImageError = 0x088;

    /// <summary>Identity of the hard-wired model, 16 bytes.</summary>
    public const int ModelUuid = 0x090;

    /// <summary>Identity of the mask revision, 16 bytes.</summary>
    public const int MaskUuid = 0x0A0;

    /// <summary>Layers in bits 0–15, attention heads in bits 16–31.</summary>
    public const int LayersHeads = 0x0B0;

    /// <summary>Width of the residual stream.</summary>
    public const int EmbeddingWidth = 0x0B4;

    /// <summary>Tokens of the vocabulary.</summary>
    public const int Vocabulary = 0x0B8;

    /// <summary>Largest context of one session, tokens.</summary>
    public const int MaxContext = 0x0BC;

    /// <summary>KV memory of one position, bytes.</summary>
    public const int KvBytesPerToken = 0x0C0;

    /// <summary>Contexts that can be open at once.</summary>
    public const int MaxContexts = 0x0C4;

    /// <summary>Junction temperature, mK.</summary>
    public const int Temperature = 0x100;

    /// <summary>Power of the card, mW.</summary>
    public const int Power = 0x104;

    /// <summary>Core supply, mV; 0 = not reported.</summary>
    public const int Voltage = 0x108;

    /// <summary>Core clock, kHz; 0 = not reported.</summary>
    public const int Clock = 0x10C;

    /// <summary>Tokens evaluated, 64 bits.</summary>
    public const int Tokens = 0x110;

    /// <summary>Passes over the chip, 64 bits.</summary>
    public const int Passes = 0x118;

    /// <summary>Sum over passes of their length, ns, 64 bits.</summary>
    public const int BusyNs = 0x120;

    /// <summary>Errors corrected so far.</summary>
    public const int CorrectableCount = 0x128;

    /// <summary>Errors so far that only a reset ends.</summary>
    public const int FatalCount = 0x12C;

    /// <summary>Errors so far that ended a command or a channel.</summary>
    public const int ContainedCount = 0x130;

    /// <summary>Ring of 16 error records of 64 bytes.</summary>
    public const int ErrorLog = 0x200;

    /// <summary>Record that the card writes next.</summary>
    public const int ErrorLogHead = 0x600;

    /// <summary>Record that the host reads next; the host writes it.</summary>
    public const int ErrorLogTail = 0x604;

    /// <summary>16 dwords for the host's own use.</summary>
    public const int Scratch = 0x700;

    /// <summary>Fault to inject, a <see cref="Faults.FaultKind"/>; the FAULT_INJECT block exists only on cards that allow it.</summary>
    public const int FaultKind = 0x800;

    /// <summary>When it strikes, a <see cref="Faults.FaultTrigger"/>.</summary>
    public const int FaultTrigger = 0x804;

    /// <summary>Count, cid or ns of the trigger, 64 bits.</summary>
    public const int FaultValue = 0x808;

    /// <summary>Chooses among equals, 64 bits.</summary>
    public const int FaultSeed = 0x810;

    /// <summary>Argument of the fault.</summary>
    public const int FaultArgument = 0x818;

    /// <summary>Writing 1 arms the fault.</summary>
    public const int FaultArm = 0x81C;

    /// <summary>Size of the block, bytes.</summary>
    public const int Size = 0x10000;

    /// <summary>Content of ID: the bytes "HWC1" in memory order.</summary>
    public const uint IdValue = 0x31435748;

    /// <summary>Version 1.0.0 of this map.</summary>
    public const uint VersionValue = 1 << 16;

    /// <summary>"RESE": the only value that RESET acts on.</summary>
    public const uint ResetKey = 0x52455345;

    /// <summary>Takes the admin rings into use.</summary>
    public const uint ControlEnable = 1;

    /// <summary>Shuts down after the commands in flight.</summary>
    public const uint ControlShutdownNormal = 2;

    /// <summary>Shuts down and aborts the commands in flight.</summary>
    public const uint ControlShutdownAbrupt = 4;

    /// <summary>The admin channel takes commands.</summary>
    public const uint StatusReady = 1;

    /// <summary>Only a reset helps.</summary>
    public const uint StatusFatal = 2;

    /// <summary>The card is too hot: it runs with a lower clock, or does not compute.</summary>
    public const uint StatusThermal = 1 << 8;

    /// <summary>The host has told the card to save power.</summary>
    public const uint StatusPowerBreak = 1 << 9;

    /// <summary>Summary bits of IRQ_STATUS.</summary>
    public const uint IrqAdmin = 1,
        IrqError = 2,
        IrqThermal = 4,
        IrqStateChange = 8;

    /// <summary>What every read answers when no device answers.</summary>
    public const uint AllOnes = uint.MaxValue;
}
