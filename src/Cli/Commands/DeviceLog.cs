using System.CommandLine;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Runtime.Host.Remote;

namespace TaalasSim.Cli.Commands;

/// <summary><c>device log NAME</c>: the errors that the card holds.</summary>
internal static class DeviceLog
{
    public static Command Create()
    {
        var (name, json) = (DeviceCommand.Name(), CommonOptions.Json());
        var command = new Command("log", "Show the error records of a device, oldest first. Example: ./taalas device log card0")
        {
            name,
            json,
        };
        command.SetAction(parsed =>
        {
            var records = RemoteCard.Log(parsed.GetRequiredValue(name));
            if (parsed.GetValue(json))
                Json.Write(new { Records = records });
            else
                foreach (var record in records)
                    Console.Out.WriteLine(record);
            return ExitCode.Done;
        });
        return command;
    }
}
