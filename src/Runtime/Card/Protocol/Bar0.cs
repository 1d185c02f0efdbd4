namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Byte offsets of the control registers in BAR0. 64-bit registers are read and written as two dwords, low first.</summary>
public static class Bar0
{
    public const int Id = 0x000;
    public const int Version = 0x004;
    public const int Capabilities = 0x008;
    public const int Control = 0x010;
    public const int Status = 0x014;
    public const int Reset = 0x018;
    public const int ResetGeneration = 0x01C;
    public const int IrqStatus = 0x020;
    public const int IrqMask = 0x024;
    public const int AdminSqBase = 0x030;
    public const int AdminCqBase = 0x038;
    public const int AdminQueueSize = 0x040;
    public const int Heartbeat = 0x050;
    public const int WatchdogMs = 0x054;
    public const int TimeNs = 0x058;
    public const int HostTimeNs = 0x060;
    public const int SramWindowBase = 0x070;
    public const int FirmwareVersion = 0x080;
    public const int ImageState = 0x084;
    public const int ImageError = 0x088;
    public const int ModelUuid = 0x090;
    public const int MaskUuid = 0x0A0;
    public const int LayersHeads = 0x0B0;
    public const int EmbeddingWidth = 0x0B4;
    public const int Vocabulary = 0x0B8;
    public const int MaxContext = 0x0BC;
    public const int KvBytesPerToken = 0x0C0;
    public const int MaxContexts = 0x0C4;
    public const int Temperature = 0x100;
    public const int Power = 0x104;
    public const int Voltage = 0x108;
    public const int Clock = 0x10C;
    public const int Tokens = 0x110;
    public const int Passes = 0x118;
    public const int BusyNs = 0x120;
    public const int CorrectableCount = 0x128;
    public const int FatalCount = 0x12C;
    public const int ContainedCount = 0x130;
    public const int ErrorLog = 0x200;
    public const int ErrorLogHead = 0x600;
    public const int ErrorLogTail = 0x604;
    public const int Scratch = 0x700;
    public const int FaultKind = 0x800;
    public const int FaultTrigger = 0x804;
    public const int FaultValue = 0x808;
    public const int FaultSeed = 0x810;
    public const int FaultArgument = 0x818;
    public const int FaultArm = 0x81C;

    /// <summary>Size of the block, bytes.</summary>
    public const int Size = 0x10000;

    /// <summary>Content of ID: the bytes "HWC1" in memory order.</summary>
    public const uint IdValue = 0x31435748;

    /// <summary>Version 1.0.0 of this map.</summary>
    public const uint VersionValue = 1 << 16;

    /// <summary>"RESE": the only value that RESET acts on.</summary>
    public const uint ResetKey = 0x52455345;

    public const uint ControlEnable = 1;
    public const uint ControlShutdownNormal = 2;
    public const uint ControlShutdownAbrupt = 4;
    public const uint StatusReady = 1;
    public const uint StatusFatal = 2;
    public const uint StatusThermal = 1 << 8;
    public const uint StatusPowerBreak = 1 << 9;

    /// <summary>Summary bits of IRQ_STATUS.</summary>
    public const uint IrqAdmin = 1,
        IrqError = 2,
        IrqThermal = 4,
        IrqStateChange = 8;

    /// <summary>What every read answers when no device answers.</summary>
    public const uint AllOnes = uint.MaxValue;
}
