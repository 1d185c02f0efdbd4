using System.CommandLine;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Runtime.Host.Remote;

namespace TaalasSim.Cli.Commands;

/// <summary><c>device list</c>: the devices that run.</summary>
internal static class DeviceList
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        var command = new Command("list", "List the devices that run. Example: ./taalas device list") { json };
        command.SetAction(parsed => List(parsed.GetValue(json)));
        return command;
    }

    private static int List(bool json)
    {
        var devices = new List<DeviceStatus>();
        foreach (var name in DeviceFolder.Names())
            try
            {
                devices.Add(RemoteCard.Status(name));
            }
            catch (InputException)
            {
                // It ended in the meantime.
            }
        if (json)
        {
            Json.Write(new { Devices = devices });
            return ExitCode.Done;
        }
        var table = new TextTable()
            .Words("device")
            .Words("state")
            .Words("model")
            .Words("fabric")
            .Numbers("clients")
            .Numbers("channels")
            .Numbers("process");
        foreach (var d in devices)
            table.Row(d.Name, d.State, d.Model, d.Fabric, $"{d.Clients}", $"{d.Channels}", $"{d.Pid}");
        table.Write(Console.Out);
        return ExitCode.Done;
    }
}
