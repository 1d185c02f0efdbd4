using System.Text;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Cli.Terminal;

/// <summary>The writer for terminals: escape sequences and other hidden characters of what passes are written as <c>\u001b</c>; line ends
/// and tabs stay. All output of the program goes through it.</summary>
internal sealed class TerminalText(TextWriter inner) : TextWriter(System.Globalization.CultureInfo.InvariantCulture)
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Puts the writer before both streams until it is disposed of.</summary>
    public static IDisposable Begin() => new Both();

    /// <summary>Writes what a model answered: to a file or pipe as it is, to a terminal as all text.</summary>
    public static void WriteAnswer(string text)
    {
        if (Console.IsOutputRedirected && Current.Value is { } direct)
            direct.Write(text);
        else
            Console.Out.Write(text);
    }

    private static readonly AsyncLocal<TextWriter?> Current = new();

    /// <inheritdoc/>
    public override void Write(char value)
    {
        if (NameGate.IsHidden(value) && value is not ('\n' or '\r' or '\t'))
            inner.Write(NameGate.Visible(value.ToString()));
        else
            inner.Write(value);
    }

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(value is null ? null : Style.Show(NameGate.VisibleLines(value)));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => inner.WriteLine(value is null ? null : Style.Show(NameGate.VisibleLines(value)));

    /// <inheritdoc/>
    public override void WriteLine() => inner.WriteLine();

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    private sealed class Both : IDisposable
    {
        private readonly TextWriter _output = Console.Out,
            _error = Console.Error;

        public Both()
        {
            Current.Value = _output;
            Console.SetOut(new TerminalText(_output));
            Console.SetError(new TerminalText(_error));
        }

        public void Dispose()
        {
            Console.SetOut(_output);
            Console.SetError(_error);
        }
    }
}
