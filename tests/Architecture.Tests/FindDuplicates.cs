namespace TaalasSim.Architecture.Tests;

/// <summary>Finds runs of lines that two places share: the same, or of the same shape with names replaced one for one.</summary>
internal sealed class FindDuplicates
{
    /// <summary>A run is longer than this many lines.</summary>
    public const int Allowed = 12;

    /// <summary>Lines of different shape that a run has at least: a list of similar rows is data, not a duplicate.</summary>
    private const int DifferentShapes = 8;

    /// <summary>Share of the names of a run that one renaming explains.</summary>
    private const double ConsistentNames = 0.9;

    private const int Window = Allowed + 1;

    private readonly List<(string Path, IReadOnlyList<CodeLine> Lines)> _files;

    private FindDuplicates(IEnumerable<SourceFile> files) =>
        _files = [.. files.AsParallel().AsOrdered().Select(file => (file.Path, CodeLine.Of(file)))];

    /// <summary>Runs that two places share, the longest first.</summary>
    /// <param name="files">Files to search.</param>
    public static IReadOnlyList<Duplicate> In(IEnumerable<SourceFile> files)
    {
        var search = new FindDuplicates(files);
        return [.. search.Runs().OrderByDescending(run => run.Lines).ThenBy(run => run.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>Windows of equal shape, joined to runs where they follow each other in both places.</summary>
    private IEnumerable<Duplicate> Runs()
    {
        var diagonals = new SortedDictionary<(int First, int Second, int Offset), List<int>>();
        foreach (var places in Windows().Values.Where(places => places.Count > 1))
            for (var i = 0; i < places.Count; i++)
            for (var j = i + 1; j < places.Count; j++)
                Add(diagonals, places[i], places[j]);
        foreach (var (place, starts) in diagonals)
        {
            starts.Sort();
            for (int from = 0, to; from < starts.Count; from = to)
            {
                for (to = from + 1; to < starts.Count && starts[to] <= starts[to - 1] + Window; to++)
                    continue;
                var length = starts[to - 1] - starts[from] + Window;
                yield return Run(place.First, starts[from], place.Second, starts[from] + place.Offset, length);
            }
        }
    }

    private Duplicate Run(int first, int at, int second, int secondAt, int length) =>
        new(_files[first].Path, _files[first].Lines[at].Number, _files[second].Path, _files[second].Lines[secondAt].Number, length);

    private void Add(SortedDictionary<(int First, int Second, int Offset), List<int>> diagonals, (int File, int At) a, (int File, int At) b)
    {
        // In one file the two places must not overlap.
        if ((a.File == b.File && Math.Abs(a.At - b.At) < Window) || !SameUpToNames(a, b))
            return;
        var key = (a.File, b.File, b.At - a.At);
        if (!diagonals.TryGetValue(key, out var starts))
            diagonals[key] = starts = [];
        starts.Add(a.At);
    }

    /// <summary>Every window of lines by its shape.</summary>
    private Dictionary<string, List<(int File, int At)>> Windows()
    {
        var windows = new Dictionary<string, List<(int File, int At)>>(StringComparer.Ordinal);
        for (var file = 0; file < _files.Count; file++)
        for (var at = 0; at + Window <= _files[file].Lines.Count; at++)
        {
            var shapes = _files[file].Lines.Skip(at).Take(Window).Select(line => line.Shape).ToList();
            if (shapes.Distinct(StringComparer.Ordinal).Count() < DifferentShapes)
                continue;
            var key = string.Join('\n', shapes);
            if (!windows.TryGetValue(key, out var places))
                windows[key] = places = [];
            places.Add((file, at));
        }

        return windows;
    }

    /// <summary>Whether one renaming turns (nearly) all names of one window into those of the other.</summary>
    private bool SameUpToNames((int File, int At) a, (int File, int At) b)
    {
        var renaming = new Dictionary<string, string>(StringComparer.Ordinal);
        int names = 0,
            explained = 0;
        for (var i = 0; i < Window; i++)
        {
            var (from, to) = (_files[a.File].Lines[a.At + i].Names, _files[b.File].Lines[b.At + i].Names);
            for (var n = 0; n < from.Count; n++, names++)
            {
                if (!renaming.TryGetValue(from[n], out var renamed))
                    renaming[from[n]] = renamed = to[n];
                if (renamed == to[n])
                    explained++;
            }
        }

        return explained >= ConsistentNames * names;
    }
}
