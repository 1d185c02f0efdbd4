namespace TaalasSim.Cli.Terminal;

/// <summary>
/// Progress on standard error: on a terminal one line, rewritten at most twenty times a second and wiped at the end; in a file or pipe a
/// plain line every ten seconds, so that quick commands stay silent. With <c>--json</c> only on a terminal.
/// </summary>
public sealed class ProgressLine : IDisposable
{
    private readonly bool _live;
    private readonly Timer? _timer;
    private readonly Lock _lock = new();
    private long _lastTick;
    private int _shown;
    private string _text = "";
    private string _told = "";

    /// <summary>Begins.</summary>
    public ProgressLine()
        : this(!Console.IsErrorRedirected, TimeSpan.FromSeconds(10)) { }

    /// <summary>Begins with another interval between plain lines.</summary>
    internal ProgressLine(bool live, TimeSpan interval)
    {
        _live = live;
        if (!live && !Notices.Held)
            _timer = new Timer(_ => Tell(), null, interval, interval);
    }

    /// <summary>Shows a step and how much of it is done (negative: unknown).</summary>
    public void Show(string step, double done = -1)
    {
        lock (_lock)
        {
            _text = done > 0 ? $"{step} … {done * 100:0} %" : $"{step} …";
            if (!_live)
                return;
            var now = Environment.TickCount64;
            if (now - _lastTick < 50 && done is > 0 and < 1)
                return;
            _lastTick = now;
            Console.Error.Write('\r' + _text.PadRight(_shown));
            _shown = _text.Length;
        }
    }

    /// <summary>A step whose share is reported as it goes.</summary>
    public IProgress<double> Of(string step) => new Step(this, step);

    /// <summary>Wipes the line.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            if (_live && _shown > 0)
                Console.Error.Write('\r' + new string(' ', _shown) + '\r');
            _shown = 0;
            _text = "";
        }
    }

    // The same text again would say nothing; that the program works on is said with a point.
    private void Tell()
    {
        lock (_lock)
        {
            if (_text.Length == 0)
                return;
            Console.Error.WriteLine(_text == _told ? $"{_text}." : _text);
            _told = _text;
        }
    }

    private sealed class Step(ProgressLine line, string name) : IProgress<double>
    {
        public void Report(double value) => line.Show(name, value);
    }
}
