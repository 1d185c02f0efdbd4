using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Cli.Terminal;

/// <summary>
/// Ctrl-C and SIGTERM: the first cancels the command, and ends the program when the command has not ended by itself shortly after; the
/// second ends it at once. Files that are not complete are removed in either case.
/// </summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>What the user is told.</summary>
    public const string Message = "interrupted; every file written is complete";

    // Within a second of the signal the program is gone.
    private const int GraceMilliseconds = 500;
    private const int SecondLookMilliseconds = 50;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private static readonly Lock Gate = new();
    private static Interruption? _current;

    private readonly CancellationTokenSource _cancel = new();
    private readonly Action<int> _say;
    private readonly Lock _telling = new();
    private bool _told;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private Func<bool>? _first;
    private TimeSpan _patience = TimeSpan.FromMilliseconds(GraceMilliseconds);

    /// <summary>Listens until it is disposed.</summary>
    /// <param name="say">Says that the program ends with an exit code; called once.</param>
    public Interruption(Action<int> say)
    {
        _say = say;
        _current = this;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Take(c, Interrupt));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Take(c, Terminate));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>128 + the signal; 0 while there was none.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Whether a signal came.</summary>
    public bool Happened => ExitCode != 0;

    /// <summary>Tells the user, once: the command may end by itself while its time runs out.</summary>
    public void Tell()
    {
        lock (_telling)
        {
            if (_told)
                return;
            _told = true;
            _say(ExitCode);
        }
    }

    /// <summary>Lets a command take Ctrl-C for its own use, such as to stop an answer, until the result is disposed.</summary>
    /// <param name="take">Whether it took the signal.</param>
    public static IDisposable Divert(Func<bool> take)
    {
        var current = _current;
        if (current is not null)
            current._first = take;
        return new Diversion(current);
    }

    /// <summary>Gives the command longer to end by itself after SIGTERM; somebody who presses Ctrl-C does not wait.</summary>
    public static void Grace(TimeSpan patience)
    {
        if (_current is { } current)
            current._patience = patience;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _cancel.Dispose();
        if (_current == this)
            _current = null;
    }

    private void Take(PosixSignalContext context, int signal)
    {
        context.Cancel = true;
        if (signal == Interrupt && _first?.Invoke() == true)
            return;
        lock (Gate)
        {
            if (Happened)
                End();
            ExitCode = 128 + signal;
        }

        _cancel.Cancel();
        new Thread(() =>
        {
            Thread.Sleep(signal == Terminate ? _patience : TimeSpan.FromMilliseconds(GraceMilliseconds));
            End();
        })
        {
            IsBackground = true,
        }.Start();
    }

    private void End()
    {
        lock (Gate)
        {
            Unfinished.RemoveAll();
            // A program that was started may have written again before it was killed.
            Thread.Sleep(SecondLookMilliseconds);
            Unfinished.RemoveAll();
            Tell();
            Console.Out.Flush();
            // Without the runtime's own shutdown, which waits for threads that compute.
            if (OperatingSystem.IsWindows())
                Environment.Exit(ExitCode);
            else
                NativeExit(ExitCode);
        }
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void NativeExit(int status);

    private sealed class Diversion(Interruption? current) : IDisposable
    {
        public void Dispose()
        {
            if (current is not null)
                current._first = null;
        }
    }
}
