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
            DeviceStartCommand.Create(),
            DeviceListCommand.Create(),
            DeviceStatusCommand.Create(),
            DeviceTelemetryCommand.Create(),
            DeviceLogCommand.Create(),
            DeviceFaultCommand.Create(),
            DeviceResetCommand.Create(),
            DeviceStopCommand.Create(),
        };

    /// <summary>The device that a subcommand is about.</summary>
    internal static Argument<string> Name() => new("NAME") { Description = "Name of the device (./taalas device list)." };
}
