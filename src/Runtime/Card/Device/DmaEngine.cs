using System.Buffers.Binary;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>
/// The device's access to host memory. Reads return their bytes at once together with the time they took; writes are posted: they land in
/// the order of issue, a completion therefore never before its data.
/// </summary>
internal sealed class DmaEngine(HostMemory memory, LatencyModel link, SimulatedClock clock, FaultInjector faults, BusTrace? trace)
{
    /// <summary>PCIe 4.0 §2.8: default completion timeout of a root port, 50 µs – 50 ms; the upper end.</summary>
    public const long CompletionTimeoutNs = 50_000_000;
    private const int DescriptorBytes = 16,
        MaxDescriptors = 256,
        MaxChain = 16;
    private const uint ChainBit = 1u << 31;

    private long _lastPosted;
    private int _epoch;

    /// <summary>Nothing issued before this call lands after it.</summary>
    public void Stop() => _epoch++;

    /// <summary>Reads a plain range.</summary>
    public StatusCode Read(int client, ulong address, Span<byte> destination)
    {
        if (!memory.TryMap(client, address, destination.Length, out var source))
            return StatusCode.IommuFault;
        source.Span.CopyTo(destination);
        trace?.Add(new(clock.Now, link.DmaReadNs(destination.Length), BusEventKind.DmaRead, "read", address, destination.Length));
        return StatusCode.Ok;
    }

    /// <summary>Posts a plain write; <paramref name="landed"/> learns whether the range was still mapped.</summary>
    public void Write(int client, ulong address, byte[] bytes, Action<bool>? landed = null)
    {
        var ns = link.DmaWriteNs + link.TransferNs(bytes.Length);
        var arrival = Math.Max(_lastPosted, clock.Now + ns);
        _lastPosted = arrival;
        Land(client, address, bytes, arrival, ns, landed);
    }

    /// <summary>Posts a plain write that a fault holds up: it lands <paramref name="lateNs"/> after its turn, and others overtake
    /// it.</summary>
    public void WriteLate(int client, ulong address, byte[] bytes, long lateNs)
    {
        var ns = link.DmaWriteNs + link.TransferNs(bytes.Length);
        Land(client, address, bytes, Math.Max(_lastPosted, clock.Now + ns) + lateNs, ns + lateNs, landed: null);
    }

    private void Land(int client, ulong address, byte[] bytes, long arrival, long ns, Action<bool>? landed)
    {
        var epoch = _epoch;
        clock.At(arrival, () =>
        {
            if (epoch != _epoch)
                return;
            var mapped = memory.TryMap(client, address, bytes.Length, out var target);
            if (mapped)
                bytes.CopyTo(target);
            trace?.Add(new(clock.Now - ns, ns, BusEventKind.DmaWrite, mapped ? "write" : "blocked write", address, bytes.Length));
            landed?.Invoke(mapped);
        });
    }

    /// <summary>Reads the bytes a command points at, through its scatter list if it has one.</summary>
    public StatusCode Gather(DeviceCommand command, ulong address, int length, out byte[] data, out long ns)
    {
        data = [];
        var status = Resolve(command, address, length, out var segments, out ns);
        if (status != StatusCode.Ok)
            return status;
        if (faults.Strike(FaultKind.DmaReadTimeout, command.Entry.Cid) is not null)
        {
            ns += CompletionTimeoutNs;
            return StatusCode.Timeout;
        }
        if (faults.Strike(FaultKind.PoisonedRead, command.Entry.Cid) is not null)
            return StatusCode.PoisonedData;
        data = new byte[length];
        var at = 0;
        foreach (var (segment, bytes) in segments)
        {
            _ = Read(command.Channel.Client, segment, data.AsSpan(at, bytes));
            at += bytes;
        }
        ns += link.DmaReadNs(length);
        return StatusCode.Ok;
    }

    /// <summary>Posts the bytes to where a command points.</summary>
    public StatusCode Scatter(DeviceCommand command, ulong address, byte[] data, out long ns)
    {
        var status = Resolve(command, address, data.Length, out var segments, out ns);
        if (status != StatusCode.Ok)
            return status;
        var late = command.Channel.Index != 0 ? faults.Strike(FaultKind.CompletionBeforeData, command.Entry.Cid) : null;
        var at = 0;
        foreach (var (segment, bytes) in segments)
        {
            if (late is null)
                Write(command.Channel.Client, segment, data[at..(at + bytes)]);
            else
                WriteLate(command.Channel.Client, segment, data[at..(at + bytes)], late.Argument * 1000L);
            at += bytes;
        }
        ns += link.TransferNs(data.Length);
        return StatusCode.Ok;
    }

    /// <summary>
    /// Turns a command's host address into ranges, all of them inside the client's pins: the address itself up to 4 KiB, else a scatter
    /// list of at most 256 descriptors that may chain 15 times. The list ends when its lengths add up to <paramref name="length"/>.
    /// </summary>
    public StatusCode Resolve(DeviceCommand command, ulong address, int length, out List<(ulong Address, int Bytes)> segments, out long ns)
    {
        segments = [];
        ns = 0;
        if (length <= 0)
            return StatusCode.DmaLength;
        var client = command.Channel.Client;
        if (faults.Strike(FaultKind.IommuFault, command.Entry.Cid) is not null)
            address = ulong.MaxValue & ~0xFFFul;
        if ((address & 3) != 0)
            return StatusCode.DmaAddressFault;
        if (!command.Entry.Flags.HasFlag(CommandFlags.ScatterList))
        {
            if (length > SubmissionEntry.PageBytes)
                return StatusCode.DmaLength;
            segments.Add((address, length));
            return memory.TryMap(client, address, length, out _) ? StatusCode.Ok : StatusCode.IommuFault;
        }

        return ResolveList(command, address, length, segments, out ns);
    }

    // A descriptor: address, bytes (bit 31: the address is that of the next part of the list), zero.
    private StatusCode ResolveList(DeviceCommand command, ulong list, int length, List<(ulong Address, int Bytes)> segments, out long ns)
    {
        var client = command.Channel.Client;
        var isLooped = faults.Strike(FaultKind.ScatterLoop, command.Entry.Cid) is not null;
        Span<byte> descriptor = stackalloc byte[DescriptorBytes];
        var gathered = 0;
        ns = 0;
        for (int index = 0, chain = 0; gathered < length; )
        {
            if (index == MaxDescriptors)
                return StatusCode.ScatterListMalformed;
            var status = Read(client, list + (ulong)(index * DescriptorBytes), descriptor);
            if (status != StatusCode.Ok)
                return status;
            if (index == 0)
                ns += link.DmaReadNs(DescriptorBytes);
            var target = BinaryPrimitives.ReadUInt64LittleEndian(descriptor);
            var bytes = BinaryPrimitives.ReadUInt32LittleEndian(descriptor[8..]);
            var reserved = BinaryPrimitives.ReadUInt32LittleEndian(descriptor[12..]);
            if (isLooped)
                (target, bytes) = (list, ChainBit);
            if (reserved != 0)
                return StatusCode.ReservedNotZero;
            if ((bytes & ChainBit) != 0)
            {
                if (++chain == MaxChain)
                    return StatusCode.ScatterListMalformed;
                list = target;
                index = 0;
                continue;
            }
            if (bytes == 0 || bytes > (uint)(length - gathered))
                return StatusCode.ScatterListMalformed;
            if ((target & 3) != 0)
                return StatusCode.DmaAddressFault;
            if (!memory.TryMap(client, target, (int)bytes, out _))
                return StatusCode.IommuFault;
            segments.Add((target, (int)bytes));
            gathered += (int)bytes;
            index++;
        }
        return StatusCode.Ok;
    }
}
