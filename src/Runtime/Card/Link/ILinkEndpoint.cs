using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Link;

/// <summary>
/// The card's end of a <see cref="PcieLink"/>. The link is below the device and knows the device only through this interface.
/// </summary>
public interface ILinkEndpoint
{
    /// <summary>False while the card cannot answer: every read then gives all ones and every write is lost.</summary>
    bool IsAccessible { get; }

    /// <summary>Stops long work of the chip in the middle of a host's wait; set for the length of that wait.</summary>
    CancellationToken HostCancellation { get; set; }

    /// <summary>Reads a dword of a memory window.</summary>
    uint Read(Bar bar, int offset);

    /// <summary>Writes a dword of a memory window.</summary>
    void Write(Bar bar, int offset, uint value);

    /// <summary>Function-level reset: forgets rings, contexts and image, and boots again.</summary>
    void Reset();
}
