using System.Globalization;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>A value change dump (IEEE 1364-2005 clause 18) of signals with two states, read strictly.</summary>
internal sealed class ValueChangeDump
{
    private readonly Dictionary<string, (string Code, int Bits)> _signals = new(StringComparer.Ordinal);
    private readonly List<(long Time, Dictionary<string, string> Changes)> _steps = [];

    /// <summary>Unit of time, e.g. 100ps.</summary>
    public string Timescale { get; private set; } = "";

    /// <summary>Paths of the signals with their width in bits.</summary>
    public IReadOnlyDictionary<string, (string Code, int Bits)> Signals => _signals;

    /// <summary>Times as they stand in the file.</summary>
    public IEnumerable<long> Times => _steps.Select(s => s.Time);

    /// <exception cref="FormatException">What is not of the format.</exception>
    public static ValueChangeDump Read(string path)
    {
        var dump = new ValueChangeDump();
        using var reader = new StreamReader(path);
        dump.ReadHeader(reader);
        var widths = dump._signals.Values.ToLookup(s => s.Code, s => s.Bits, StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0)
                continue;
            if (line[0] == '#')
            {
                dump._steps.Add(
                    (
                        long.Parse(line.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture),
                        new Dictionary<string, string>(StringComparer.Ordinal)
                    )
                );
                continue;
            }

            var (bits, code) =
                line[0] == 'b'
                    ? (line[1..line.IndexOf(' ', StringComparison.Ordinal)], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])
                    : (line[..1], line[1..]);
            if (
                dump._steps.Count == 0
                || bits.Any(b => b is not ('0' or '1'))
                || !widths[code].Any()
                || widths[code].Any(w => w < bits.Length)
            )
                throw new FormatException($"'{line}'");
            dump._steps[^1].Changes[code] = bits;
        }

        return dump;
    }

    /// <summary>Values of some signals of at most 64 bits behind the changes of every time.</summary>
    public IEnumerable<(long Time, ulong[] Values)> Samples(params string[] paths)
    {
        var codes = paths.Select(p => _signals[p].Code).ToArray();
        var values = new ulong[paths.Length];
        foreach (var (time, changes) in _steps)
        {
            for (var i = 0; i < codes.Length; i++)
                if (changes.TryGetValue(codes[i], out var bits))
                    values[i] = Convert.ToUInt64(bits, 2);
            yield return (time, [.. values]);
        }
    }

    private void ReadHeader(StreamReader reader)
    {
        var scopes = new List<string>();
        while (reader.ReadLine() is { } line)
            switch (line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                case [] or ["$version" or "$date", .., "$end"]:
                    break;
                case ["$timescale", var unit, "$end"]:
                    Timescale = unit;
                    break;
                case ["$scope", "module", var name, "$end"]:
                    scopes.Add(name);
                    break;
                case ["$upscope", "$end"]:
                    scopes.RemoveAt(scopes.Count - 1);
                    break;
                case ["$var", "wire", var bits, var code, var name, .., "$end"]:
                    _signals.Add(string.Join('.', scopes.Append(name)), (code, int.Parse(bits, CultureInfo.InvariantCulture)));
                    break;
                case ["$enddefinitions", "$end"] when scopes.Count == 0:
                    return;
                default:
                    throw new FormatException($"header: '{line}'");
            }

        throw new FormatException("the header does not end");
    }
}
