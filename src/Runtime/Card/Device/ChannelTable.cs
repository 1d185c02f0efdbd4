namespace TaalasSim.Runtime.Card.Device;

/// <summary>The channels of a card by number; channel 0 is the admin channel.</summary>
internal sealed class ChannelTable(int count)
{
    private readonly DeviceChannel[] _channels = [.. Enumerable.Range(0, count).Select(i => new DeviceChannel(i))];

    /// <summary>Channels, the admin channel included.</summary>
    public int Count => _channels.Length;

    /// <summary>The admin channel.</summary>
    public DeviceChannel Admin => _channels[0];

    /// <summary>Every channel, the admin channel first.</summary>
    public IReadOnlyList<DeviceChannel> All => _channels;

    /// <summary>Every channel but the admin channel.</summary>
    public IEnumerable<DeviceChannel> Io => _channels.Skip(1);

    /// <summary>The I/O channel of a number that a command names; null when there is none.</summary>
    public DeviceChannel? FindIo(uint index) => index == 0 || index >= _channels.Length ? null : _channels[index];

    /// <summary>Puts a fresh channel in the place of <paramref name="channel"/>.</summary>
    public void Renew(DeviceChannel channel) => _channels[channel.Index] = new DeviceChannel(channel.Index);
}
