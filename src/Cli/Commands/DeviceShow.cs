using System.CommandLine;
using System.Globalization;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Runtime.Host.Remote;

namespace TaalasSim.Cli.Commands;

/// <summary><c>device status NAME</c>: a device and who uses it.</summary>
internal static class DeviceShow
{
    public static Command Create()
    {
        var (name, json) = (DeviceCommand.Name(), CommonOptions.Json());
        var command = new Command("status", "Show a device and who uses it. Example: ./taalas device status card0") { name, json };
        command.SetAction(parsed => Show(parsed.GetRequiredValue(name), parsed.GetValue(json)));
        return command;
    }

    private static int Show(string name, bool json)
    {
        var d = RemoteCard.Status(name);
        if (json)
        {
            Json.Write(d);
            return ExitCode.Done;
        }
        var table = new TextTable().Words("part").Words("value");
        table.Row("device", d.Name);
        table.Row("process", $"{d.Pid}");
        table.Row("chip", d.Chip);
        table.Row("model", d.Model);
        table.Row("fabric", d.Fabric);
        table.Row("state", d.State);
        table.Row("resets", $"{d.Generation}");
        table.Row("clients", $"{d.Clients}");
        table.Row("channels", $"{d.Channels}");
        table.Row("user slots", $"{d.UserSlots}");
        table.Row("context", $"{d.Context}");
        table.Row("backend", d.Backend);
        table.Row("simulated time", d.SimulatedSeconds.ToString("F6", CultureInfo.InvariantCulture) + " s");
        table.Write(Console.Out);
        return ExitCode.Done;
    }
}
