using System.CommandLine;
using TaalasSim.Cli.Options;
using TaalasSim.Runtime.Host.Remote;

namespace TaalasSim.Cli.Commands;

/// <summary><c>device fault NAME NUMBER</c>: a fault strikes at the next opportunity.</summary>
internal static class DeviceFault
{
    public static Command Create()
    {
        var name = DeviceCommand.Name();
        var number = new Argument<int>("FAULT") { Description = "Number of the fault; docs/card.md lists them." };
        var command = new Command("fault", "Let a fault strike a device at the next opportunity. Example: ./taalas device fault card0 19")
        {
            name,
            number,
        };
        command.SetAction(parsed =>
        {
            RemoteCard.Inject(parsed.GetRequiredValue(name), parsed.GetValue(number));
            return ExitCode.Done;
        });
        return command;
    }
}
