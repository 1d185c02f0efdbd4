namespace TaalasSim.Runtime.Host.Driver;

/// <summary>Limits of the driver's own waits, in simulated time; those of Linux' qaic driver.</summary>
public sealed record DriverTimeouts
{
    /// <summary>From power-on or reset until the card can be enabled.</summary>
    public TimeSpan Boot { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Answer of an admin command.</summary>
    public TimeSpan Control { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Answer of a command on a channel, unless the caller gives a limit.</summary>
    public TimeSpan Execute { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From a reset until the card answers again.</summary>
    public TimeSpan Reset { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a link that is down is polled for.</summary>
    public TimeSpan Link { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two looks at heartbeat, reset generation and doorbell shadows.</summary>
    public TimeSpan Health { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A heartbeat that has stopped for so long means a reset.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    internal static long Ns(TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;
}
