namespace TaalasSim.Runtime.Card.Link;

/// <summary>
/// Host memory as the device may see it: only what a client has pinned, at a simulated bus address. Acts as the IOMMU: every device access
/// names the client on whose behalf it happens and must lie inside one range of that client.
/// </summary>
public sealed class HostMemory
{
    private const ulong Page = 4096;
    private readonly SortedList<ulong, Range> _ranges = [];
    private ulong _next = 0x1_0000_0000;

    private readonly record struct Range(int Client, Memory<byte> Bytes);

    /// <summary>Ranges pinned now, of all clients.</summary>
    public int Count => _ranges.Count;

    /// <summary>Makes <paramref name="bytes"/> visible to the device for <paramref name="client"/>; returns its bus address,
    /// page-aligned.</summary>
    public ulong Pin(int client, Memory<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bytes.Length);
        var address = _next;

        // One unmapped page between any two ranges, so that running off an end always faults.
        _next += ((ulong)bytes.Length + Page - 1) / Page * Page + Page;
        _ranges.Add(address, new Range(client, bytes));
        return address;
    }

    /// <summary>Takes a range back; false when the client has none at that address.</summary>
    public bool Unpin(int client, ulong address) =>
        _ranges.TryGetValue(address, out var range) && range.Client == client && _ranges.Remove(address);

    /// <summary>Takes back every range of a client and returns how many there were.</summary>
    public int UnpinAll(int client)
    {
        var addresses = _ranges.Where(r => r.Value.Client == client).Select(r => r.Key).ToArray();
        foreach (var address in addresses)
            _ranges.Remove(address);
        return addresses.Length;
    }

    /// <summary>The bytes at a bus address, or false when any of them is outside the client's pins.</summary>
    public bool TryMap(int client, ulong address, int length, out Memory<byte> bytes)
    {
        bytes = default;
        int low = 0,
            high = _ranges.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_ranges.GetKeyAtIndex(middle) <= address)
                low = middle + 1;
            else
                high = middle - 1;
        }
        if (high < 0 || length < 0)
            return false;
        var range = _ranges.GetValueAtIndex(high);
        var offset = address - _ranges.GetKeyAtIndex(high);
        if (range.Client != client || offset > (ulong)range.Bytes.Length || (ulong)length > (ulong)range.Bytes.Length - offset)
            return false;
        bytes = range.Bytes.Slice((int)offset, length);
        return true;
    }
}
