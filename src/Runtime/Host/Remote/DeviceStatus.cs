namespace TaalasSim.Runtime.Host.Remote;

/// <summary>A card in a process of its own, as it tells of itself.</summary>
public sealed record DeviceStatus
{
    /// <summary>Name of the device.</summary>
    public required string Name { get; init; }

    /// <summary>Its process.</summary>
    public required int Pid { get; init; }

    /// <summary>Folder of the chip image.</summary>
    public required string Chip { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The fabric.</summary>
    public required string Fabric { get; init; }

    /// <summary>State of the card.</summary>
    public required string State { get; init; }

    /// <summary>Resets since power-on.</summary>
    public required long Generation { get; init; }

    /// <summary>Processes that hold the card.</summary>
    public required int Clients { get; init; }

    /// <summary>Channels that they hold.</summary>
    public required int Channels { get; init; }

    /// <summary>Users that the chip holds at once.</summary>
    public required int UserSlots { get; init; }

    /// <summary>Context of a user, tokens.</summary>
    public required int Context { get; init; }

    /// <summary>Kernels that compute the tokens.</summary>
    public required string Backend { get; init; }

    /// <summary>Power of the card when nothing runs, W.</summary>
    public required double IdleWatts { get; init; }

    /// <summary>Simulated time since power-on, s.</summary>
    public required double SimulatedSeconds { get; init; }
}
