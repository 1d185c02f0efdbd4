using System.Net.Sockets;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Host.Remote;

namespace TaalasSim.Runtime.Host.Daemon;

/// <summary>One connection: a client of the card, or somebody who only asks.</summary>
internal sealed class DaemonClient(NetworkStream stream) : IDisposable
{
    // A client that reads nothing must not stop the card: the socket takes some thousand interrupts, then the connection is cut.
    private const int WriteMilliseconds = 1000;
    private bool _isCut;

    /// <summary>Its hold on the card; null for one who only asks.</summary>
    public CardHandle? Handle { get; private set; }

    /// <summary>Its channels.</summary>
    public List<DaemonChannel> Channels { get; } = [];

    /// <summary>Memory that it shares with the card.</summary>
    public SharedMemory? Memory { get; private set; }

    /// <summary>Its address on the bus.</summary>
    public ulong Address { get; private set; }

    /// <summary>File of the memory.</summary>
    public string MemoryPath { get; private set; } = "";

    /// <summary>Makes it a client.</summary>
    public void Open(CardHandle handle, SharedMemory memory, string path)
    {
        (Handle, Memory, MemoryPath) = (handle, memory, path);
        Address = handle.Pin(memory.Memory).Address;
    }

    /// <summary>Reads its messages until it goes.</summary>
    public void Listen(Action<DaemonClient, WireMessage?> take)
    {
        while (WireMessage.Read(stream) is { } message)
            take(this, message);
        take(this, null);
    }

    /// <summary>Tells it something; one that has gone is told nothing.</summary>
    public void Tell(WireMessage message)
    {
        if (_isCut)
            return;
        try
        {
            stream.WriteTimeout = WriteMilliseconds;
            message.Write(stream);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Its reader sees the end and cleans up.
            _isCut = true;
            stream.Dispose();
        }
    }

    /// <summary>Takes back everything that it had: contexts are zeroed, memory is unpinned, channels are freed.</summary>
    public void Release()
    {
        Handle?.Close();
        Handle = null;
        Channels.Clear();
        if (Memory is null)
            return;
        ((IDisposable)Memory).Dispose();
        Memory = null;
        File.Delete(MemoryPath);
    }

    /// <summary>Ends the connection.</summary>
    public void Dispose()
    {
        Release();
        stream.Dispose();
    }
}
