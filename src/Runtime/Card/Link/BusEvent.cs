namespace TaalasSim.Runtime.Card.Link;

/// <summary>One crossing of the link, or one piece of work on the chip.</summary>
/// <param name="TimeNs">Start.</param>
/// <param name="DurationNs">Length, 0 for an instant.</param>
/// <param name="Kind">Lane of the trace.</param>
/// <param name="Name">What it was.</param>
/// <param name="Address">Register offset, bus address, vector or context.</param>
/// <param name="Value">Value written or read, or bytes moved.</param>
public readonly record struct BusEvent(long TimeNs, long DurationNs, BusEventKind Kind, string Name, ulong Address, long Value);
