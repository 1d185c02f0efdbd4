using System.CommandLine;
using TaalasSim.Cli.Options;
using TaalasSim.Runtime.Host.Remote;

namespace TaalasSim.Cli.Commands;

/// <summary><c>device stop NAME</c>: powers a card off and ends its process.</summary>
internal static class DeviceStop
{
    public static Command Create()
    {
        var name = DeviceCommand.Name();
        var command = new Command("stop", "Power a device off. Example: ./taalas device stop card0") { name };
        command.SetAction(parsed =>
        {
            RemoteCard.Stop(parsed.GetRequiredValue(name));
            return ExitCode.Done;
        });
        return command;
    }
}
