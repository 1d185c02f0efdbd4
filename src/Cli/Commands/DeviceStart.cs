using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Runtime.Host.Daemon;
using TaalasSim.Runtime.Host.Remote;

namespace TaalasSim.Cli.Commands;

/// <summary><c>device start CHIP --name N</c>: powers a card on in a process of its own.</summary>
internal sealed partial class DeviceStart
{
    // Channels of the card: one for each user slot of every client, and one for each client.
    private const int Channels = 128;

    private readonly Argument<string> _chip = new("CHIP") { Description = "Folder of a chip image." };
    private readonly Option<string> _name = new("--name")
    {
        Description = "Name of the device: letters, digits, - and _.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "card0",
    };
    private readonly Option<bool> _foreground = new("--foreground")
    {
        Description = "Stay in this process, for service managers; SIGTERM ends it.",
    };
    private readonly Option<bool> _detached = new("--detached") { Hidden = true };
    private readonly SimulationOptions _simulation = new();

    public static Command Create()
    {
        var self = new DeviceStart();
        var command = new Command(
            "start",
            "Power a card on in a process of its own. Example: ./taalas device start stories.chip --name card0"
        )
        {
            self._chip,
            self._name,
            self._foreground,
            self._detached,
        };
        self._simulation.AddTo(command);
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel) =>
        parsed.GetValue(_foreground) || parsed.GetValue(_detached) ? Serve(parsed, cancel) : Detach(parsed, cancel);

    private int Serve(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(_detached) && !OperatingSystem.IsWindows())
            _ = NewSession();
        var (chip, name) = (parsed.GetRequiredValue(_chip), parsed.GetRequiredValue(_name));
        using var host = _simulation.PowerOn(
            parsed,
            chip,
            _simulation.ThreadsOf(parsed),
            _simulation.ContextOf(parsed),
            card => card with { Channels = Channels },
            cancel
        );
        // Nothing is answered from masks that have not been checked.
        host.AwaitCheck(cancel);
        using var daemon = new CardDaemon(host, name, chip);
        Console.Error.WriteLine($"taalas: device '{name}' is up");
        daemon.Run(cancel);
        return ExitCode.Done;
    }

    private int Detach(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetRequiredValue(_name);
        var log = DeviceFolder.Log(name);
        if (DeviceFolder.IsUp(name))
            throw new InputException($"device '{name}' is running already; ./taalas device stop {name} ends it");
        File.WriteAllText(log, "");
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(log);
        var words = Environment.GetCommandLineArgs();
        var program = Environment.ProcessPath!;
        start.ArgumentList.Add(program);
        // Under the dotnet host the first word is the program's library.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(words[0]);
        foreach (var word in words.Skip(1))
            start.ArgumentList.Add(word);
        start.ArgumentList.Add("--detached");
        using var process = Process.Start(start) ?? throw new InputException("/bin/sh cannot be started");
        using var line = new ProgressLine();
        while (!DeviceFolder.IsUp(name))
        {
            if (cancel.IsCancellationRequested)
            {
                process.Kill();
                cancel.ThrowIfCancellationRequested();
            }
            if (process.HasExited)
                throw new InputException(LastLine(log) is { Length: > 0 } said ? said : $"device '{name}' did not start; see {log}");
            Thread.Sleep(20);
        }
        Console.Out.WriteLine($"device '{name}' is up, process {process.Id}, log {log}");
        return ExitCode.Done;
    }

    private static string LastLine(string log)
    {
        const string prefix = "taalas: ";
        var line = File.ReadAllLines(log).LastOrDefault(l => l.Length > 0) ?? "";
        return line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..] : line;
    }

    // Ctrl-C in the terminal that started a device must not end it.
    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int NewSession();
}
