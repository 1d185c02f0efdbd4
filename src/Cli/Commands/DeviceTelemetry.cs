using System.CommandLine;
using System.Globalization;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Host.Remote;

namespace TaalasSim.Cli.Commands;

/// <summary><c>device telemetry NAME</c>: sensors and counters, once or every so many seconds.</summary>
internal static class DeviceTelemetry
{
    public static Command Create()
    {
        var (name, json) = (DeviceCommand.Name(), CommonOptions.Json());
        var watch = new OptionalNumberOption<int>(Ranges.Count, "Again every so many seconds, until Ctrl-C.", "--watch");
        var command = new Command(
            "telemetry",
            "Show temperature, power, clock and counters of a device; --json has the names of Linux' hwmon. "
                + "Example: ./taalas device telemetry card0 --watch 1"
        )
        {
            name,
            watch,
            json,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var every = parsed.GetValue(watch);
                do
                {
                    Show(parsed.GetRequiredValue(name), parsed.GetValue(json));
                    if (every is { } seconds)
                        await Task.Delay(TimeSpan.FromSeconds(Math.Max(1, seconds)), cancel).ConfigureAwait(false);
                } while (every is not null);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void Show(string name, bool json)
    {
        var t = RemoteCard.Telemetry(name);
        if (json)
            Json.Write(Hwmon(name, t));
        else
            Table(RemoteCard.Status(name), t);
    }

    // Units of hwmon: thousandths of a degree, millionths of a watt, thousandths of a volt, Hz.
    private static object Hwmon(string name, CardTelemetry t) =>
        new
        {
            Name = name,
            State = t.State.ToString(),
            Temp1Input = (long)Math.Round((t.Kelvin - 273.15) * 1000),
            Power1Input = (long)Math.Round(t.Watts * 1e6),
            Power1Average = (long)Math.Round(t.AverageWatts * 1e6),
            Energy1Input = (long)Math.Round(t.Joules * 1e6),
            In0Input = t.Millivolts,
            Freq1Input = t.Kilohertz * 1000L,
            t.Tokens,
            t.Passes,
            t.CorrectableErrors,
            t.ContainedErrors,
            t.FatalErrors,
        };

    private static void Table(DeviceStatus d, CardTelemetry t)
    {
        var table = new TextTable()
            .Words("device")
            .Words("model")
            .Words("state")
            .Numbers("°C")
            .Numbers("W")
            .Numbers("MHz")
            .Numbers("tokens")
            .Numbers("passes")
            .Numbers("clients")
            .Numbers("errors");
        table.Row(
            d.Name,
            d.Model,
            t.State.ToString(),
            (t.Kelvin - 273.15).ToString("F1", CultureInfo.InvariantCulture),
            t.Watts.ToString("F2", CultureInfo.InvariantCulture),
            (t.Kilohertz / 1000.0).ToString("F0", CultureInfo.InvariantCulture),
            t.Tokens.ToString(CultureInfo.InvariantCulture),
            t.Passes.ToString(CultureInfo.InvariantCulture),
            d.Clients.ToString(CultureInfo.InvariantCulture),
            (t.CorrectableErrors + t.ContainedErrors + t.FatalErrors).ToString(CultureInfo.InvariantCulture)
        );
        table.Write(Console.Out);
    }
}
