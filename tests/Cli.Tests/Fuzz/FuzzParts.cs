namespace TaalasSim.Cli.Tests.Fuzz;

/// <summary>
/// Folders as inputs: the first byte of an input says which file of the folder it is, the rest is its content. Of 256 values the highest
/// two say that the file is absent or empty.
/// </summary>
internal sealed class FuzzParts
{
    private const int Absent = 255,
        Empty = 254;

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly string[] _names;

    /// <summary>A folder of these files.</summary>
    public FuzzParts(string folder)
    {
        foreach (var file in Directory.GetFiles(folder))
            _files[Path.GetFileName(file)] = File.ReadAllBytes(file);
        _names = [.. _files.Keys];
    }

    /// <summary>An input for each file, as it is.</summary>
    public IReadOnlyList<byte[]> Seeds => [.. _names.Select((name, i) => (byte[])[(byte)i, .. _files[name]])];

    /// <summary>Writes the folder with the file that the input is.</summary>
    /// <returns>Name of that file.</returns>
    public string Write(string folder, byte[] input)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        var choice = input.Length == 0 ? Absent : input[0];
        var changed = _names[choice % _names.Length];
        foreach (var (name, bytes) in _files)
            if (name != changed)
                File.WriteAllBytes(Path.Combine(folder, name), bytes);
            else if (choice != Absent)
                File.WriteAllBytes(Path.Combine(folder, name), choice == Empty ? [] : input[1..]);
        return changed;
    }
}
