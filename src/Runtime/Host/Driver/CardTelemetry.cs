using System.Buffers.Binary;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>Counters and sensors of a card.</summary>
public sealed record CardTelemetry
{
    /// <summary>State of the card.</summary>
    public required DeviceState State { get; init; }

    /// <summary>Junction temperature; 0 = not reported.</summary>
    public required double Kelvin { get; init; }

    /// <summary>Power of the card now.</summary>
    public required double Watts { get; init; }

    /// <summary>Power of the card, averaged by its sensor.</summary>
    public required double AverageWatts { get; init; }

    /// <summary>Core supply; 0 = not reported.</summary>
    public required int Millivolts { get; init; }

    /// <summary>Core clock, lowered while the card is too hot; 0 = not reported.</summary>
    public required int Kilohertz { get; init; }

    /// <summary>Tokens evaluated, prompt tokens included.</summary>
    public required long Tokens { get; init; }

    /// <summary>Passes over the chip.</summary>
    public required long Passes { get; init; }

    /// <summary>Sum over passes of their length, ns; more than elapsed time when passes overlap.</summary>
    public required long BusyNs { get; init; }

    /// <summary>Energy of all passes above idle.</summary>
    public required double Joules { get; init; }

    /// <summary>Errors that the card corrected.</summary>
    public required int CorrectableErrors { get; init; }

    /// <summary>Errors that ended a command or a channel.</summary>
    public required int ContainedErrors { get; init; }

    /// <summary>Errors that ended the card's session.</summary>
    public required int FatalErrors { get; init; }

    internal static CardTelemetry Read(CardSession session)
    {
        var profile = session.AdminPage(new SubmissionEntry { Opcode = Opcode.GetLog, Arg0 = (uint)LogPage.Profile }, 40);
        uint Register(int offset) => session.Link.Read(Bar.Control, offset);
        return new CardTelemetry
        {
            State = session.State,
            Kelvin = Register(Bar0.Temperature) / 1000.0,
            Watts = Register(Bar0.Power) / 1000.0,
            AverageWatts = BinaryPrimitives.ReadInt64LittleEndian(profile.AsSpan(32)) * 1e-6,
            Millivolts = (int)Register(Bar0.Voltage),
            Kilohertz = (int)Register(Bar0.Clock),
            Tokens = BinaryPrimitives.ReadInt64LittleEndian(profile),
            Passes = BinaryPrimitives.ReadInt64LittleEndian(profile.AsSpan(8)),
            BusyNs = BinaryPrimitives.ReadInt64LittleEndian(profile.AsSpan(16)),
            Joules = BinaryPrimitives.ReadInt64LittleEndian(profile.AsSpan(24)) * 1e-6,
            CorrectableErrors = (int)Register(Bar0.CorrectableCount),
            ContainedErrors = (int)Register(Bar0.ContainedCount),
            FatalErrors = (int)Register(Bar0.FatalCount),
        };
    }
}
