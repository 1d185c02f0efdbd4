namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Something the card or its driver reports.</summary>
/// <param name="TimeNs">When the driver learnt it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Detail">Channel; for a change of state the old state in bits 8–15 and the new one in bits 0–7.</param>
/// <param name="Code">Reason.</param>
public readonly record struct DeviceEvent(long TimeNs, DeviceEventKind Kind, int Detail, StatusCode Code);
