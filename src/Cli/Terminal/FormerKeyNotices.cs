using System.Collections.Concurrent;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Cli.Terminal;

/// <summary>Tells the user once about each former YAML key that a command reads.</summary>
internal sealed class FormerKeyNotices : IDisposable
{
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);
    private readonly Action<string> _tell;

    /// <summary>Listens until it is disposed.</summary>
    /// <param name="tell">Takes one line.</param>
    public FormerKeyNotices(Action<string> tell)
    {
        _tell = tell;
        YamlReader.FormerKeyRead += Take;
    }

    /// <inheritdoc/>
    public void Dispose() => YamlReader.FormerKeyRead -= Take;

    private void Take(string line)
    {
        if (_told.TryAdd(line, true))
            _tell(line);
    }
}
