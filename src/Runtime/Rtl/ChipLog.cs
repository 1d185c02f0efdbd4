using System.Globalization;
using System.Text.RegularExpressions;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Rtl;

/// <summary>What the Verilog of a chip printed while it ran.</summary>
public sealed partial class ChipLog
{
    private readonly List<LoggedInstruction> _instructions = [];
    private readonly List<(int Site, int Position, long Cycle, string Sums)> _banks = [];
    private readonly List<(int Operator, int Position, ulong Digest)> _values = [];
    private readonly List<(int Position, long Cycle, int Token)> _tokens = [];
    private readonly List<(bool OfBank, int Index)> _results = [];

    private ChipLog() { }

    /// <summary>Instructions in the order of their issue.</summary>
    public IReadOnlyList<LoggedInstruction> Instructions => _instructions;

    /// <summary>Sums of banks, hexadecimal with column 0 in the low bits.</summary>
    public IReadOnlyList<(int Site, int Position, long Cycle, string Sums)> Banks => _banks;

    /// <summary>Digests of the vector clusters' results.</summary>
    public IReadOnlyList<(int Operator, int Position, ulong Digest)> Values => _values;

    /// <summary>Results of banks and vector clusters in the order of their printing: whether it is a bank's, and its place in
    /// <see cref="Banks"/> or <see cref="Values"/>.</summary>
    public IReadOnlyList<(bool OfBank, int Index)> Results => _results;

    /// <summary>Ends of tokens; the sampled token, or −1 behind a prompt token that is not the last.</summary>
    public IReadOnlyList<(int Position, long Cycle, int Token)> Tokens => _tokens;

    /// <summary>Whether the chip said that all answer tokens are out.</summary>
    public bool Finished { get; private set; }

    /// <summary>Cycles that the run took.</summary>
    public long Cycles { get; private set; }

    /// <summary>Reads the lines.</summary>
    /// <exception cref="InputException">A line that the chip does not print.</exception>
    public static ChipLog Parse(string text)
    {
        var log = new ChipLog();
        var position = -1;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["issue", var pc, var at, var cycle]:
                    position = Number(at);
                    log._instructions.Add(new LoggedInstruction(Number(pc), position, Number(cycle)));
                    break;
                case ["end", var at, var cycle, var answers, var token]:
                    log._tokens.Add((Number(at), Number(cycle), answers == "1" ? Number(token) : -1));
                    log.Close(Number(cycle));
                    break;
                case ["bank", var path, var cycle, var sums]:
                    var sites = SiteInPath().Matches(path);
                    if (sites.Count == 0)
                        throw new InputException($"Verilog run: no site in '{path}'");
                    log._results.Add((true, log._banks.Count));
                    log._banks.Add((Number(sites[^1].Groups["site"].Value), position, Number(cycle), sums));
                    break;
                case ["value", var op, var at, var digest]:
                    log._results.Add((false, log._values.Count));
                    log._values.Add((Number(op), Number(at), ulong.Parse(digest, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
                    break;
                case ["finished", var last]:
                    (log.Finished, log.Cycles) = (true, long.Parse(last, CultureInfo.InvariantCulture) + 1);
                    break;
                case ["timeout", var most]:
                    log.Cycles = long.Parse(most, CultureInfo.InvariantCulture);
                    break;
            }
        }

        return log;
    }

    // The last instruction of a token ends with it; every other when the next is issued.
    private void Close(long cycle)
    {
        for (var i = _instructions.Count - 1; i >= 0 && _instructions[i].End < 0; i--)
            _instructions[i] = _instructions[i] with
            {
                End =
                    i + 1 < _instructions.Count && _instructions[i + 1].Position == _instructions[i].Position
                        ? _instructions[i + 1].Start
                        : cycle,
            };
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"at_site_(?<site>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex SiteInPath();
}
