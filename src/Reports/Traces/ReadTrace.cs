using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Traces;

/// <summary>Reads traces: comma-separated with the columns <c>arrival_seconds</c>, <c>prompt_tokens</c> and <c>answer_tokens</c> in any
/// order; further columns are not read. Rows need not be in the order of arrival.</summary>
public static class ReadTrace
{
    private const long MostBytes = 256L << 20;

    private const double LatestSeconds = 1e9;

    private static readonly string[] Columns = ["arrival_seconds", "prompt_tokens", "answer_tokens"];

    /// <summary>Reads a file.</summary>
    /// <param name="path">File.</param>
    /// <param name="mostTokens">Most tokens that prompt and answer may have together: the model's context.</param>
    /// <exception cref="InputException">It is missing, too large or malformed; the message names the line.</exception>
    public static RequestTrace From(string path, int mostTokens)
    {
        var lines = RegularFile.ReadText(path, MostBytes, "a table of requests").Split('\n');
        var header = lines[0].TrimEnd('\r').Split(',').Select(c => c.Trim()).ToArray();
        var at = Columns.Select(c => Array.IndexOf(header, c)).ToArray();
        var missing = Columns.Where((_, i) => at[i] < 0).ToArray();
        if (missing.Length > 0)
            throw new InputException(
                $"{path}:1: no column {string.Join(", ", missing)}; a trace begins with the line {string.Join(',', Columns)}"
            );
        var requests = new List<TraceRequest>();
        for (var i = 1; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (line.Length == 0)
                continue;
            if (requests.Count == RequestTrace.MostRequests)
                throw new InputException($"{path}:{i + 1}: more than {RequestTrace.MostRequests} requests; replay a part of the trace");
            requests.Add(Row(line.Split(','), header.Length, at, $"{path}:{i + 1}", mostTokens));
        }

        if (requests.Count == 0)
            throw new InputException($"{path}: has no request; write one line for each below the first");
        // Stable, so that requests of one moment keep their order.
        var sorted = requests.OrderBy(r => r.ArrivalSeconds).ToArray();
        return new RequestTrace($"{NumberText.Count(sorted.Length)} requests of {NameGate.Visible(Path.GetFileName(path))}", sorted);
    }

    private static TraceRequest Row(string[] cells, int columns, int[] at, string place, int mostTokens)
    {
        if (cells.Length != columns)
            throw new InputException($"{place}: {cells.Length} cells where the first line has {columns}");
        var arrival = cells[at[0]].Trim();
        if (
            !double.TryParse(
                arrival,
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var seconds
            ) || !(seconds >= 0 && seconds <= LatestSeconds)
        )
            throw new InputException($"{place}: {Columns[0]} '{NameGate.Visible(arrival)}': use seconds from 0 to 1e9");
        var (prompt, answer) = (Tokens(cells, at, 1, place), Tokens(cells, at, 2, place));
        return prompt + (long)answer <= mostTokens
            ? new TraceRequest(seconds, prompt, answer)
            : throw new InputException($"{place}: {prompt} + {answer} tokens exceed the model's context of {mostTokens}");
    }

    private static int Tokens(string[] cells, int[] at, int column, string place)
    {
        var text = cells[at[column]].Trim();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) && tokens >= 1
            ? tokens
            : throw new InputException($"{place}: {Columns[column]} '{NameGate.Visible(text)}': use a whole number of at least 1");
    }
}
