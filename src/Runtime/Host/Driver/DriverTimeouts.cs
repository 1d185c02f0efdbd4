namespace TaalasSim.Runtime.Host.Driver;

/// <summary>Limits of the driver's own waits, in simulated time; those of Linux' qaic driver.</summary>
public sealed record DriverTimeouts
{
    public TimeSpan Boot { get; init; } = TimeSpan.FromSeconds(2);
    public TimeSpan Control { get; init; } = TimeSpan.FromSeconds(60);
    public TimeSpan Execute { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan Reset { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a link that is down is polled for.</summary>
    public TimeSpan Link { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two looks at heartbeat, reset generation and doorbell shadows.</summary>
    public TimeSpan Health { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A heartbeat that stops for this long means a reset.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);
}
