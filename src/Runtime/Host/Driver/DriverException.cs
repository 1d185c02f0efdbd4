using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>The card or its driver refused or failed; the message is one line.</summary>
public sealed class DriverException(StatusCode code, string message) : Exception($"{message} (0x{(ushort)code:x4} {code})")
{
    /// <summary>Status code of the card, or of the driver in its place.</summary>
    public StatusCode Code { get; } = code;

    /// <summary>The message without the code.</summary>
    public string Reason { get; } = message;
}
