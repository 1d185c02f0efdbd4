using System.Buffers.Binary;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Registers of BAR0, doorbells of BAR2, SRAM window of BAR4.</summary>
public sealed partial class CardDevice
{
    private const uint FirmwareVersionValue = 0x00010000;
    private readonly uint[] _scratch = new uint[16];
    private readonly uint[] _faultBlock = new uint[8];
    private uint _control,
        _watchdogMs,
        _shutdown,
        _irqStatus,
        _irqMask,
        _adminQueueSize;
    private ulong _adminSqBase,
        _adminCqBase,
        _hostTimeNs,
        _sramWindow;
    private bool _isReady,
        _isPowerBroken;

    /// <inheritdoc/>
    public uint Read(Bar bar, int offset) =>
        bar switch
        {
            Bar.Control => ReadControl(offset),
            Bar.Doorbells => ReadDoorbell(offset),
            _ => ReadSram(offset),
        };

    /// <inheritdoc/>
    public void Write(Bar bar, int offset, uint value)
    {
        switch (bar)
        {
            case Bar.Control:
                WriteControl(offset, value);
                break;
            case Bar.Doorbells:
                WriteDoorbell(offset, value);
                break;
            default:
                WriteSram(offset, value);
                break;
        }
    }

    /// <summary>Reads a dword of BAR0; unknown offsets read 0 and count a correctable error.</summary>
    private uint ReadControl(int offset)
    {
        switch (offset)
        {
            case Bar0.Id:
                return Bar0.IdValue;
            case Bar0.Version:
                return Bar0.VersionValue;
            case Bar0.Capabilities:
                return Capabilities;
            case Bar0.Capabilities + 4:
                return 0;
            case Bar0.Control:
                return _control;
            case Bar0.Status:
                return Status;
            case Bar0.ResetGeneration:
                return ResetGeneration;
            case Bar0.IrqStatus:
                return _irqStatus;
            case Bar0.IrqMask:
                return _irqMask;
            case Bar0.AdminSqBase:
                return (uint)_adminSqBase;
            case Bar0.AdminSqBase + 4:
                return (uint)(_adminSqBase >> 32);
            case Bar0.AdminCqBase:
                return (uint)_adminCqBase;
            case Bar0.AdminCqBase + 4:
                return (uint)(_adminCqBase >> 32);
            case Bar0.AdminQueueSize:
                return _adminQueueSize;
            case Bar0.Heartbeat:
                return (uint)(((_isHung ? _hungAt : _clock.Now) - _bootedAt) / HeartbeatNs);
            case Bar0.WatchdogMs:
                return _watchdogMs;
            case Bar0.TimeNs:
                return (uint)(_clock.Now - _bootedAt);
            case Bar0.TimeNs + 4:
                return (uint)(_clock.Now - _bootedAt >> 32);
            case Bar0.SramWindowBase:
                return (uint)_sramWindow;
            case Bar0.SramWindowBase + 4:
                return (uint)(_sramWindow >> 32);
            case Bar0.FirmwareVersion:
                return FirmwareVersionValue;
            case Bar0.ImageState:
                return (uint)_imageState;
            case Bar0.ImageError:
                return _imageError;
            case >= Bar0.ModelUuid and < Bar0.MaskUuid:
                return UuidWord(_core.Identity.Model, offset - Bar0.ModelUuid);
            case >= Bar0.MaskUuid and < Bar0.LayersHeads:
                return UuidWord(_core.Identity.Mask, offset - Bar0.MaskUuid);
            case Bar0.LayersHeads:
                return (uint)_core.Identity.Layers & 0xFFFF | (uint)_core.Identity.Heads << 16;
            case Bar0.EmbeddingWidth:
                return (uint)_core.Identity.EmbeddingWidth;
            case Bar0.Vocabulary:
                return (uint)_core.Identity.Vocabulary;
            case Bar0.MaxContext:
                return (uint)_core.Identity.MaxContext;
            case Bar0.KvBytesPerToken:
                return (uint)_core.Identity.KvBytesPerToken;
            case Bar0.MaxContexts:
                return (uint)_core.Identity.MaxContexts;
            case Bar0.Temperature:
                return (uint)Math.Round(Kelvin * 1000);
            case Bar0.Power:
                return (uint)Math.Round(Watts * 1000);
            case Bar0.Voltage:
                return (uint)_options.Millivolts;
            case Bar0.Clock:
                return (uint)_options.Kilohertz;
            case Bar0.Tokens:
                return (uint)_tokens;
            case Bar0.Tokens + 4:
                return (uint)(_tokens >> 32);
            case Bar0.Passes:
                return (uint)_passes;
            case Bar0.Passes + 4:
                return (uint)(_passes >> 32);
            case Bar0.BusyNs:
                return (uint)(long)_busyNs;
            case Bar0.BusyNs + 4:
                return (uint)((long)_busyNs >> 32);
            case Bar0.CorrectableCount:
                return _ras.Count(RasClass.Correctable);
            case Bar0.FatalCount:
                return _ras.Count(RasClass.Fatal);
            case Bar0.ContainedCount:
                return _ras.Count(RasClass.Contained);
            case >= Bar0.ErrorLog and < Bar0.ErrorLogHead when (offset & 3) == 0:
                return BinaryPrimitives.ReadUInt32LittleEndian(_ras.Ring.AsSpan(offset - Bar0.ErrorLog));
            case Bar0.ErrorLogHead:
                return (uint)_ras.Head;
            case Bar0.ErrorLogTail:
                return (uint)_ras.Tail;
            case >= Bar0.Scratch and < Bar0.Scratch + 64 when (offset & 3) == 0:
                return _scratch[(offset - Bar0.Scratch) / 4];
            case >= Bar0.FaultKind and <= Bar0.FaultArm when _options.AllowFaults && (offset & 3) == 0:
                return _faultBlock[(offset - Bar0.FaultKind) / 4];
            case Bar0.Reset or Bar0.HostTimeNs or Bar0.HostTimeNs + 4:
                return 0;
            default:
                UnknownRegister(offset);
                return 0;
        }
    }

    /// <summary>Writes a dword of BAR0; unknown offsets are ignored and count a correctable error, read-only ones are ignored.</summary>
    private void WriteControl(int offset, uint value)
    {
        switch (offset)
        {
            case Bar0.Control:
                WriteEnable(value);
                break;
            case Bar0.Reset when value == Bar0.ResetKey:
                Reset();
                break;
            case Bar0.IrqStatus:
                _irqStatus &= ~value;
                break;
            case Bar0.IrqMask:
                _irqMask = value;
                break;
            case Bar0.AdminSqBase when !IsEnabled:
                _adminSqBase = _adminSqBase & ~0xFFFF_FFFFul | value;
                break;
            case Bar0.AdminSqBase + 4 when !IsEnabled:
                _adminSqBase = _adminSqBase & 0xFFFF_FFFF | (ulong)value << 32;
                break;
            case Bar0.AdminCqBase when !IsEnabled:
                _adminCqBase = _adminCqBase & ~0xFFFF_FFFFul | value;
                break;
            case Bar0.AdminCqBase + 4 when !IsEnabled:
                _adminCqBase = _adminCqBase & 0xFFFF_FFFF | (ulong)value << 32;
                break;
            case Bar0.AdminQueueSize when !IsEnabled:
                _adminQueueSize = value;
                break;
            case Bar0.WatchdogMs:
                _watchdogMs = value;
                break;
            case Bar0.HostTimeNs:
                _hostTimeNs = _hostTimeNs & ~0xFFFF_FFFFul | value;
                break;
            case Bar0.HostTimeNs + 4:
                _hostTimeNs = _hostTimeNs & 0xFFFF_FFFF | (ulong)value << 32;
                break;
            case Bar0.SramWindowBase:
                _sramWindow = _sramWindow & ~0xFFFF_FFFFul | value;
                break;
            case Bar0.SramWindowBase + 4:
                _sramWindow = _sramWindow & 0xFFFF_FFFF | (ulong)value << 32;
                break;
            case Bar0.ErrorLogTail when value < RasLog.Entries:
                _ras.Tail = (int)value;
                break;
            case >= Bar0.Scratch and < Bar0.Scratch + 64 when (offset & 3) == 0:
                _scratch[(offset - Bar0.Scratch) / 4] = value;
                break;
            case Bar0.FaultArm when _options.AllowFaults && value == 1:
                ArmFault();
                break;
            case >= Bar0.FaultKind and < Bar0.FaultArm when _options.AllowFaults && (offset & 3) == 0:
                _faultBlock[(offset - Bar0.FaultKind) / 4] = value;
                break;
            default:
                if (!IsKnown(offset))
                    UnknownRegister(offset);
                break;
        }
    }

    /// <summary>Reads a dword of BAR2: only the two shadows answer, the rest reads 0.</summary>
    private uint ReadDoorbell(int offset)
    {
        var channel = offset / Doorbell.PageSize;
        return channel >= _channels.Length
            ? 0
            : (offset % Doorbell.PageSize) switch
            {
                Doorbell.SqHeadShadow => (uint)_channels[channel].SqHead,
                Doorbell.CqTailShadow => (uint)_channels[channel].CqTail,
                _ => 0,
            };
    }

    /// <summary>Rings a doorbell. One of an unowned or dead channel is ignored and counted as a correctable error.</summary>
    private void WriteDoorbell(int offset, uint value)
    {
        var index = offset / Doorbell.PageSize;
        if (index >= _channels.Length || _channels[index].State != ChannelState.Running)
        {
            _ras.Add(RasSource.Pcie, RasClass.Correctable, StatusCode.QueueInvalid, index, (ulong)offset);
            return;
        }
        if (_isHung)
            return;
        var channel = _channels[index];
        switch (offset % Doorbell.PageSize)
        {
            case Doorbell.SqTail:
                RingSubmission(channel, value);
                break;
            case Doorbell.CqHead:
                RingCompletion(channel, value);
                break;
            case Doorbell.IrqCoalesce:
                channel.CoalesceCount = (int)(value & 0xFF);
                channel.CoalesceUs = (int)(value >> 8 & 0xFFFF);
                break;
            case Doorbell.Flush:
                Announce(channel);
                break;
            default:
                UnknownRegister(offset);
                break;
        }
    }

    /// <summary>Reads a dword of SRAM through the window; past the end reads 0 and counts a correctable error.</summary>
    private uint ReadSram(int offset) => SramOffset(offset) is { } at ? BinaryPrimitives.ReadUInt32LittleEndian(_sram.AsSpan(at)) : 0;

    /// <summary>Writes a dword of SRAM through the window; past the end is ignored and counts a correctable error.</summary>
    private void WriteSram(int offset, uint value)
    {
        if (SramOffset(offset) is { } at)
            BinaryPrimitives.WriteUInt32LittleEndian(_sram.AsSpan(at), value);
    }

    private int? SramOffset(int offset)
    {
        if ((offset & 3) == 0 && _sramWindow <= (ulong)_sram.Length && (ulong)offset + 4 <= (ulong)_sram.Length - _sramWindow)
            return (int)_sramWindow + offset;
        UnknownRegister(offset);
        return null;
    }

    private bool IsEnabled => (_control & Bar0.ControlEnable) != 0;

    // log2 of the largest ring, channels − 1, FLR, SSR, multi-user, CRC 0 = unchecked, default timeout 5 s in units of 500 ms.
    private uint Capabilities =>
        (uint)int.Log2(_options.MaxRingEntries) | (uint)(_options.Channels - 1) << 8 | 1 << 16 | 1 << 17 | 1 << 18 | 1 << 21 | 10 << 24;

    private uint Status =>
        (_isReady ? Bar0.StatusReady : 0)
        | (State == DeviceState.Fatal ? Bar0.StatusFatal : 0)
        | _shutdown << 2
        | (
            State switch
            {
                DeviceState.BootRom => 0u,
                DeviceState.Loader => 1u,
                _ => 2u,
            }
        ) << 4
        | (State == DeviceState.ThermalStop ? Bar0.StatusThermal : 0)
        | (_isPowerBroken ? Bar0.StatusPowerBreak : 0)
        | (uint)State << 16;

    private double Watts => _options.IdleWatts + (_coreFreeAt > _clock.Now ? _passWatts : 0);

    private double Kelvin => _options.AmbientKelvin + _options.ThermalResistance * Watts;

    private static uint UuidWord(Guid id, int offset)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[(offset & ~3)..]);
    }

    private static bool IsKnown(int offset) =>
        (offset & 3) == 0
        && offset switch
        {
            >= Bar0.Id and <= Bar0.IrqMask => true,
            >= Bar0.AdminSqBase and <= Bar0.AdminQueueSize => true,
            >= Bar0.Heartbeat and <= Bar0.HostTimeNs + 4 => true,
            Bar0.SramWindowBase or Bar0.SramWindowBase + 4 => true,
            >= Bar0.FirmwareVersion and <= Bar0.ImageError => true,
            >= Bar0.ModelUuid and <= Bar0.MaxContexts => true,
            >= Bar0.Temperature and <= Bar0.ContainedCount => true,
            >= Bar0.ErrorLog and <= Bar0.ErrorLogTail => true,
            _ => false,
        };

    private void UnknownRegister(int offset) => _ras.Add(RasSource.Pcie, RasClass.Correctable, StatusCode.BadField, 0, (ulong)offset);

    private void WriteEnable(uint value)
    {
        var wasEnabled = IsEnabled;
        _control = value;
        if (!wasEnabled && IsEnabled)
            StartAdmin();
        if (wasEnabled && !IsEnabled)
        {
            // Disabling is a stop without a boot: rings and contexts go, the image stays.
            _isReady = false;
            foreach (var channel in _channels)
                Discard(channel);
            foreach (var context in _contexts.Values.ToArray())
                Close(context);
            _parkedEvents.Clear();
        }
        if ((value & (Bar0.ControlShutdownNormal | Bar0.ControlShutdownAbrupt)) != 0 && _shutdown == 0)
            Shutdown((value & Bar0.ControlShutdownAbrupt) != 0);
    }

    /// <summary>Opens the admin channel once the boot is over and ENABLE is set, whichever comes last.</summary>
    private void StartAdmin()
    {
        if (!IsEnabled || _isReady || State < DeviceState.ReadyNoImage)
            return;
        var sq = (int)(_adminQueueSize & 0xFFF) + 1;
        var cq = (int)(_adminQueueSize >> 16 & 0xFFF) + 1;
        if (!IsRing(0, _adminSqBase, sq, SubmissionEntry.Size) || !IsRing(0, _adminCqBase, cq, CompletionEntry.Size))
        {
            _ras.Add(RasSource.Firmware, RasClass.Fatal, StatusCode.QueueInvalid, 0, _adminSqBase);
            SetState(DeviceState.Fatal);
            return;
        }
        var admin = _channels[0];
        (admin.SqBase, admin.SqEntries, admin.CqBase, admin.CqEntries) = (_adminSqBase, sq, _adminCqBase, cq);
        admin.State = ChannelState.Running;
        _isReady = true;
    }

    private bool IsRing(int client, ulong address, int entries, int size) =>
        entries >= 2
        && entries <= _options.MaxRingEntries
        && int.IsPow2(entries)
        && (address & 0xFFF) == 0
        && _memory.TryMap(client, address, entries * size, out _);

    private void ArmFault()
    {
        if (!Enum.IsDefined((FaultKind)_faultBlock[0]))
            return;
        _faults.Arm(
            new FaultSpec
            {
                Kind = (FaultKind)_faultBlock[0],
                Trigger = (FaultTrigger)_faultBlock[1],
                Value = _faultBlock[2] | (ulong)_faultBlock[3] << 32,
                Seed = _faultBlock[4] | (ulong)_faultBlock[5] << 32,
                Argument = _faultBlock[6],
            }
        );
    }
}
