namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>What a card tells its driver unasked.</summary>
public enum DeviceEventKind
{
    /// <summary>The card changed its state.</summary>
    StateChange = 1,

    /// <summary>A channel has ended.</summary>
    ChannelError = 2,

    /// <summary>An error was recorded.</summary>
    Error = 3,

    /// <summary>Noted by the driver: an interrupt did not come, a poll found the completion.</summary>
    LostInterrupt = 4,

    /// <summary>Noted by the driver: the device had not seen a doorbell, it was rung again.</summary>
    LostDoorbell = 5,

    /// <summary>Noted by the driver: the card no longer answers, or answers from a new life.</summary>
    SessionEnded = 6,

    /// <summary>Noted by the driver: data came after their completion.</summary>
    LateData = 7,

    /// <summary>Noted by the driver: a completion was seen before all of it had landed.</summary>
    TornCompletion = 8,

    /// <summary>Noted by the driver: the device's clock jumped; the detail is by how many µs.</summary>
    ClockSkew = 9,

    /// <summary>The card lowered its clock because it is too hot, or has all of it back; the detail is the clock in thousandths.</summary>
    ClockStep = 10,
}
