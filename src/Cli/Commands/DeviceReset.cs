using System.CommandLine;
using TaalasSim.Cli.Options;
using TaalasSim.Runtime.Host.Remote;

namespace TaalasSim.Cli.Commands;

/// <summary><c>device reset NAME</c>: every client loses its hold.</summary>
internal static class DeviceReset
{
    public static Command Create()
    {
        var name = DeviceCommand.Name();
        var function = new Option<bool>("--function") { Description = "A function-level reset in place of a soft one." };
        var command = new Command(
            "reset",
            "Reset a device: what its clients have in flight fails with 0007. Example: ./taalas device reset card0"
        )
        {
            name,
            function,
        };
        command.SetAction(parsed =>
        {
            RemoteCard.Reset(parsed.GetRequiredValue(name), parsed.GetValue(function));
            return ExitCode.Done;
        });
        return command;
    }
}
