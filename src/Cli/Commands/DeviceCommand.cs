using System.CommandLine;

namespace TaalasSim.Cli.Commands;

/// <summary><c>device</c>: simulated cards in processes of their own, which several programs share.</summary>
internal static class DeviceCommand
{
    public static Command Create() =>
        new(
            "device",
            "Cards in processes of their own, for run --device and serve --device. Example: ./taalas device start stories.chip --name card0"
        )
        {
            DeviceStart.Create(),
            DeviceList.Create(),
            DeviceShow.Create(),
            DeviceTelemetry.Create(),
            DeviceLog.Create(),
            DeviceFault.Create(),
            DeviceReset.Create(),
            DeviceStop.Create(),
        };

    /// <summary>The device that a subcommand is about.</summary>
    internal static Argument<string> Name() => new("NAME") { Description = "Name of the device (./taalas device list)." };
}
