using System.CommandLine;
using TaalasSim.Cli.Options;
using TaalasSim.Runtime.Host.Remote;

namespace TaalasSim.Cli.Commands;

/// <summary><c>device fault NAME FAULT</c>: a fault strikes, by default at its next opportunity.</summary>
internal static class DeviceFault
{
    public static Command Create()
    {
        var name = DeviceCommand.Name();
        var fault = new Argument<string>("FAULT")
        {
            Description = "KIND[:ARGUMENT][@WHEN] as in run --fault; docs/card.md lists the kinds.",
        };
        var command = new Command("fault", "Let a fault strike a device. Example: ./taalas device fault card0 kv-bit:1@3") { name, fault };
        command.SetAction(parsed =>
        {
            RemoteCard.Inject(parsed.GetRequiredValue(name), parsed.GetRequiredValue(fault));
            return ExitCode.Done;
        });
        return command;
    }
}
