using System.Runtime.InteropServices;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Native;

/// <summary><c>taalas_telemetry</c> of <c>taalas.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TelemetryStruct
{
    private const double ZeroCelsius = 273.15;

    public uint Size;
    public uint State;
    public double Celsius;
    public double Watts;
    public double AverageWatts;
    public double Joules;
    public ulong TimeNs;
    public ulong Tokens;
    public ulong Passes;
    public ulong BusyNs;
    public uint Millivolts;
    public uint Kilohertz;
    public uint CorrectedErrors;
    public uint ContainedErrors;
    public uint FatalErrors;
    public uint Reserved;

    /// <summary>Counters and sensors at a simulated time.</summary>
    public static TelemetryStruct Of(CardTelemetry t, long timeNs) =>
        new()
        {
            State = (uint)t.State,
            Celsius = t.Kelvin - ZeroCelsius,
            Watts = t.Watts,
            AverageWatts = t.AverageWatts,
            Joules = t.Joules,
            TimeNs = (ulong)timeNs,
            Tokens = (ulong)t.Tokens,
            Passes = (ulong)t.Passes,
            BusyNs = (ulong)t.BusyNs,
            Millivolts = (uint)t.Millivolts,
            Kilohertz = (uint)t.Kilohertz,
            CorrectedErrors = (uint)t.CorrectableErrors,
            ContainedErrors = (uint)t.ContainedErrors,
            FatalErrors = (uint)t.FatalErrors,
        };
}
