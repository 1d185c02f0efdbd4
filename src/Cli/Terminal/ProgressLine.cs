namespace TaalasSim.Cli.Terminal;

/// <summary>One line of progress on standard error, only when that is a terminal; rewritten at most twenty times a second and wiped at the
/// end.</summary>
public sealed class ProgressLine : IDisposable
{
    private readonly bool _live = !Console.IsErrorRedirected;
    private long _lastTick;
    private int _shown;

    /// <summary>Shows a step and how much of it is done (negative: unknown).</summary>
    public void Show(string step, double done = -1)
    {
        if (!_live)
            return;
        var now = Environment.TickCount64;
        if (now - _lastTick < 50 && done is > 0 and < 1)
            return;
        _lastTick = now;
        var text = done > 0 ? $"{step} … {done * 100:0} %" : $"{step} …";
        Console.Error.Write('\r' + text.PadRight(_shown));
        _shown = text.Length;
    }

    /// <summary>A step whose share is reported as it goes.</summary>
    public IProgress<double> Of(string step) => new Step(this, step);

    /// <summary>Wipes the line.</summary>
    public void Dispose()
    {
        if (_live && _shown > 0)
            Console.Error.Write('\r' + new string(' ', _shown) + '\r');
        _shown = 0;
    }

    private sealed class Step(ProgressLine line, string name) : IProgress<double>
    {
        public void Report(double value) => line.Show(name, value);
    }
}
