using TaalasSim.ChipModel.Files;

namespace TaalasSim.Cli.Terminal;

/// <summary>Tells the user about each former YAML key that a command reads.</summary>
internal sealed class FormerKeyNotices : IDisposable
{
    private readonly Action<string> _tell;

    /// <summary>Listens until it is disposed.</summary>
    /// <param name="tell">Takes one line.</param>
    public FormerKeyNotices(Action<string> tell)
    {
        _tell = tell;
        YamlReader.FormerKeyRead += tell;
    }

    /// <inheritdoc/>
    public void Dispose() => YamlReader.FormerKeyRead -= _tell;
}
