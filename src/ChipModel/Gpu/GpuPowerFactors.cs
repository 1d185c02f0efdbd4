namespace TaalasSim.ChipModel.Gpu;

/// <summary>The parameters of power, shared by all engines unless one states its own.</summary>
public sealed record GpuPowerFactors
{
    /// <summary>Power above idle while working, as a share of the room up to the limit.</summary>
    public required double Base { get; init; }

    /// <summary>More of the limit while memory streams at its full rate.</summary>
    public required double Stream { get; init; }

    /// <summary>The same while it streams keys and values, with their arithmetic.</summary>
    public required double Kv { get; init; }

    /// <summary>More of the limit while the matrix units are full.</summary>
    public required double Matrix { get; init; }

    /// <summary>More of the limit while grouped products widen their weights.</summary>
    public required double Widened { get; init; }

    /// <summary>Exponent of the approach to the limit.</summary>
    public required double Knee { get; init; }

    /// <summary>Share of the limit that a full card draws.</summary>
    public required double Limit { get; init; }
}
