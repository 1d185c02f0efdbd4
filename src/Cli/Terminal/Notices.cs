using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Cli.Terminal;

/// <summary>Remarks on how a command read its input: on standard error for people, in the document with <c>--json</c>.</summary>
internal static class Notices
{
    private static readonly Lock Gate = new();
    private static readonly List<string> Told = [];
    private static bool _held;

    /// <summary>Begins a command.</summary>
    /// <param name="held">Whether remarks wait for the document that the command writes.</param>
    public static void Begin(bool held)
    {
        lock (Gate)
        {
            Told.Clear();
            _held = held;
        }
    }

    /// <summary>Whether the command writes JSON, so that standard error holds at most one document.</summary>
    public static bool Held => _held;

    /// <summary>Takes one line; the same line is told once.</summary>
    public static void Tell(string line)
    {
        lock (Gate)
        {
            if (Told.Contains(line))
                return;
            Told.Add(line);
            if (!_held)
                Console.Error.WriteLine($"taalas: {NameGate.Visible(line)}");
        }
    }

    /// <summary>Remarks that wait for a document; none are left.</summary>
    public static string[] Take()
    {
        lock (Gate)
        {
            if (!_held)
                return [];
            var lines = Told.ToArray();
            Told.Clear();
            return lines;
        }
    }
}
