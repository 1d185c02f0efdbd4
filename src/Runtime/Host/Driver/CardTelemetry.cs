using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>Counters and sensors of a card.</summary>
public sealed record CardTelemetry
{
    public required DeviceState State { get; init; }
    public required double Kelvin { get; init; }
    public required double Watts { get; init; }
    public required int Millivolts { get; init; }
    public required int Kilohertz { get; init; }

    /// <summary>Tokens evaluated, prompt tokens included.</summary>
    public required long Tokens { get; init; }
    public required long Passes { get; init; }

    /// <summary>Sum over passes of their length, ns; more than elapsed time when passes overlap.</summary>
    public required long BusyNs { get; init; }

    /// <summary>Energy of all passes above idle.</summary>
    public required double Joules { get; init; }
    public required int CorrectableErrors { get; init; }
    public required int ContainedErrors { get; init; }
    public required int FatalErrors { get; init; }
}
