using System.Buffers.Binary;
using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>
/// The registers of BAR0 by offset. Reads of unknown offsets give 0, writes to them do nothing, and both count a correctable error; writes
/// to read-only registers do nothing.
/// </summary>
internal sealed class RegisterFile
{
    private const uint FirmwareVersionValue = 0x00010000;
    private readonly Dictionary<int, Register> _registers = [];
    private readonly RasLog _ras;

    private readonly record struct Register(Func<uint> Read, Action<uint>? Write);

    public RegisterFile(
        CardOptions options,
        IChipCore core,
        CardState state,
        EventReporter events,
        EnableControl enable,
        ResetControl reset,
        ImageLoader image,
        CorePipeline pipeline,
        Sram sram,
        FaultInjector faults,
        RasLog ras
    )
    {
        _ras = ras;

        // log2 of the largest ring, channels − 1, FLR, SSR, multi-user, CRC 0 = unchecked, default timeout 5 s in units of 500 ms.
        Capabilities =
            (uint)int.Log2(options.MaxRingEntries) | (uint)(options.Channels - 1) << 8 | 1 << 16 | 1 << 17 | 1 << 18 | 1 << 21 | 10 << 24;
        AddControl(state, events, enable, reset, pipeline);
        AddTimeAndImage(reset, image, sram);
        AddIdentity(core.Identity);
        AddSensors(options, pipeline);
        AddErrors(ras);
        AddScratch();
        if (options.AllowFaults)
            AddFaults(new FaultRegisters(faults));
    }

    /// <summary>The capability register.</summary>
    public uint Capabilities { get; }

    /// <summary>Reads a dword.</summary>
    public uint Read(int offset)
    {
        if (_registers.TryGetValue(offset, out var register))
            return register.Read();
        _ras.UnknownRegister(offset);
        return 0;
    }

    /// <summary>Writes a dword.</summary>
    public void Write(int offset, uint value)
    {
        if (_registers.TryGetValue(offset, out var register))
            register.Write?.Invoke(value);
        else
            _ras.UnknownRegister(offset);
    }

    private void AddControl(CardState state, EventReporter events, EnableControl enable, ResetControl reset, CorePipeline pipeline)
    {
        Add(Bar0.Id, () => Bar0.IdValue);
        Add(Bar0.Version, () => Bar0.VersionValue);
        AddLong(Bar0.Capabilities, () => Capabilities);
        Add(Bar0.Control, () => enable.Control, enable.Write);
        Add(Bar0.Status, () => Status(state, events, enable, pipeline));
        Add(
            Bar0.Reset,
            () => 0,
            value =>
            {
                if (value == Bar0.ResetKey)
                    reset.Reset();
            }
        );
        Add(Bar0.ResetGeneration, () => state.ResetGeneration);
        Add(Bar0.IrqStatus, () => events.IrqStatus, events.Clear);
        Add(Bar0.IrqMask, () => events.IrqMask, value => events.IrqMask = value);

        // The admin rings are fixed while the card is enabled.
        AddLong(Bar0.AdminSqBase, () => enable.AdminSqBase, value => enable.AdminSqBase = enable.IsEnabled ? enable.AdminSqBase : value);
        AddLong(Bar0.AdminCqBase, () => enable.AdminCqBase, value => enable.AdminCqBase = enable.IsEnabled ? enable.AdminCqBase : value);
        Add(
            Bar0.AdminQueueSize,
            () => enable.AdminQueueSize,
            value => enable.AdminQueueSize = enable.IsEnabled ? enable.AdminQueueSize : value
        );
    }

    private void AddTimeAndImage(ResetControl reset, ImageLoader image, Sram sram)
    {
        Add(Bar0.Heartbeat, () => reset.Heartbeat);
        Add(Bar0.WatchdogMs, () => reset.WatchdogMs, value => reset.WatchdogMs = value);
        AddLong(Bar0.TimeNs, () => (ulong)reset.UptimeNs);

        // Write-only: the device keeps no host time.
        AddLong(Bar0.HostTimeNs, () => 0);
        AddLong(Bar0.SramWindowBase, () => sram.WindowBase, value => sram.WindowBase = value);
        Add(Bar0.FirmwareVersion, () => FirmwareVersionValue);
        Add(Bar0.ImageState, () => (uint)image.State);
        Add(Bar0.ImageError, () => image.Error);
    }

    private void AddIdentity(CardIdentity identity)
    {
        AddBytes(Bar0.ModelUuid, identity.Model.ToByteArray(bigEndian: true));
        AddBytes(Bar0.MaskUuid, identity.Mask.ToByteArray(bigEndian: true));
        Add(Bar0.LayersHeads, () => (uint)identity.Layers & 0xFFFF | (uint)identity.Heads << 16);
        Add(Bar0.EmbeddingWidth, () => (uint)identity.EmbeddingWidth);
        Add(Bar0.Vocabulary, () => (uint)identity.Vocabulary);
        Add(Bar0.MaxContext, () => (uint)identity.MaxContext);
        Add(Bar0.KvBytesPerToken, () => (uint)identity.KvBytesPerToken);
        Add(Bar0.MaxContexts, () => (uint)identity.MaxContexts);
    }

    private void AddSensors(CardOptions options, CorePipeline pipeline)
    {
        Add(Bar0.Temperature, () => (uint)Math.Round(pipeline.Kelvin * 1000));
        Add(Bar0.Power, () => (uint)Math.Round(pipeline.Watts * 1000));
        Add(Bar0.Voltage, () => (uint)options.Millivolts);
        Add(Bar0.Clock, () => (uint)Math.Round(options.Kilohertz * pipeline.ClockFraction));
        AddLong(Bar0.Tokens, () => (ulong)pipeline.Tokens);
        AddLong(Bar0.Passes, () => (ulong)pipeline.Passes);
        AddLong(Bar0.BusyNs, () => (ulong)(long)pipeline.BusyNs);
    }

    private void AddErrors(RasLog ras)
    {
        Add(Bar0.CorrectableCount, () => ras.Count(RasClass.Correctable));
        Add(Bar0.FatalCount, () => ras.Count(RasClass.Fatal));
        Add(Bar0.ContainedCount, () => ras.Count(RasClass.Contained));
        AddBytes(Bar0.ErrorLog, ras.Ring);
        Add(Bar0.ErrorLogHead, () => (uint)ras.Head);
        Add(Bar0.ErrorLogTail, () => (uint)ras.Tail, value => ras.Tail = value < RasLog.Entries ? (int)value : ras.Tail);
    }

    private void AddScratch()
    {
        var scratch = new uint[16];
        for (var i = 0; i < scratch.Length; i++)
        {
            var at = i;
            Add(Bar0.Scratch + 4 * i, () => scratch[at], value => scratch[at] = value);
        }
    }

    private void AddFaults(FaultRegisters block)
    {
        for (var i = 0; i < block.Count; i++)
        {
            var at = i;
            Add(Bar0.FaultKind + 4 * i, () => block[at], value => block[at] = value);
        }
        Add(
            Bar0.FaultArm,
            () => 0,
            value =>
            {
                if (value == 1)
                    block.Arm();
                else
                    _ras.UnknownRegister(Bar0.FaultArm);
            }
        );
    }

    private void Add(int offset, Func<uint> read, Action<uint>? write = null) => _registers.Add(offset, new Register(read, write));

    /// <summary>A 64-bit register as two dwords.</summary>
    private void AddLong(int offset, Func<ulong> read, Action<ulong>? write = null)
    {
        Add(offset, () => (uint)read(), write is null ? null : value => write(read() & ~0xFFFF_FFFFul | value));
        Add(offset + 4, () => (uint)(read() >> 32), write is null ? null : value => write(read() & 0xFFFF_FFFF | (ulong)value << 32));
    }

    /// <summary>Bytes that the host may read, a dword at a time.</summary>
    private void AddBytes(int offset, byte[] bytes)
    {
        for (var i = 0; i < bytes.Length; i += 4)
        {
            var at = i;
            Add(offset + at, () => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)));
        }
    }

    private static uint Status(CardState state, EventReporter events, EnableControl enable, CorePipeline pipeline) =>
        (events.IsReady ? Bar0.StatusReady : 0)
        | (state.Current == DeviceState.Fatal ? Bar0.StatusFatal : 0)
        | enable.ShutdownStage << 2
        | (
            state.Current switch
            {
                DeviceState.BootRom => 0u,
                DeviceState.Loader => 1u,
                _ => 2u,
            }
        ) << 4
        | (pipeline.LookAtClock() || state.Current == DeviceState.ThermalStop ? Bar0.StatusThermal : 0)
        | (state.IsPowerBroken ? Bar0.StatusPowerBreak : 0)
        | (uint)state.Current << 16;
}
