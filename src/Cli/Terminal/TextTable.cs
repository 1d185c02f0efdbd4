using System.Text;

namespace TaalasSim.Cli.Terminal;

/// <summary>A table in plain text. Where the columns do not fit the width, the table continues below in further blocks that repeat the
/// first column; words that do not fit beside it even then are broken into lines.</summary>
internal sealed class TextTable
{
    private const string Gap = "  ";

    // Words are not broken to less than this.
    private const int LeastWidth = 20;

    private readonly List<Column> _columns = [];

    private readonly List<string[]> _rows = [];

    /// <summary>Width of the terminal: <c>COLUMNS</c> where it is set, unlimited for files and pipes.</summary>
    public static int TerminalWidth =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out var columns) && columns > 0 ? columns
        : Console.IsOutputRedirected ? int.MaxValue
        : Math.Max(1, Console.WindowWidth);

    /// <summary>Adds a column of words, aligned left.</summary>
    /// <param name="head">Heading.</param>
    /// <param name="group">Heading over this and its neighbours of the same group.</param>
    public TextTable Words(string head, string group = "") => Add(head, group, left: true);

    /// <summary>Adds a column of numbers, aligned right.</summary>
    /// <param name="head">Heading.</param>
    /// <param name="group">Heading over this and its neighbours of the same group.</param>
    public TextTable Numbers(string head, string group = "") => Add(head, group, left: false);

    /// <summary>Adds a row with one cell for each column.</summary>
    public void Row(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes the table.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="indent">Spaces before each line.</param>
    public void Write(TextWriter writer, int indent = 2) => writer.Write(Text(TerminalWidth, indent));

    /// <summary>The table at a width; lines end with a line feed.</summary>
    /// <param name="width">Characters of a line.</param>
    /// <param name="indent">Spaces before each line.</param>
    public string Text(int width, int indent = 2)
    {
        var text = new StringBuilder();
        foreach (var block in Blocks(width - indent))
        {
            if (text.Length > 0)
                text.Append('\n');
            if (block.Any(c => _columns[c].Group.Length > 0))
                Line(text, indent, block, Groups(block), Style.Heading);
            if (block.Any(c => _columns[c].Head.Length > 0))
                Line(text, indent, block, c => _columns[c].Head, Style.Heading);
            var last = block[^1];
            var room = width - indent - Width([.. block.SkipLast(1), .. block.Count > 1 ? [] : block]) - (block.Count > 1 ? Gap.Length : 0);
            var breaks = block.Count == 2 && _columns[last].Left && Width(last) > Math.Max(LeastWidth, room);
            foreach (var row in _rows)
            {
                var parts = breaks ? TextWrap.Lines(row[last], Math.Max(LeastWidth, room)).ToList() : [];
                Line(text, indent, block, c => c == last && breaks ? parts.FirstOrDefault("") : row[c], Colour);
                foreach (var part in parts.Skip(1))
                    Line(text, indent, block, c => c == last ? part : "", Colour);
            }
        }

        return text.ToString();
    }

    private static string Colour(string cell) =>
        cell switch
        {
            "pass" => Style.Good(cell),
            "MISSED" => Style.Bad(cell),
            _ => cell,
        };

    private TextTable Add(string head, string group, bool left)
    {
        _columns.Add(new Column(head, group, left));
        return this;
    }

    // Columns of each block: the first column, and as many groups of columns as fit beside it.
    private List<List<int>> Blocks(int width)
    {
        var blocks = new List<List<int>> { new() { 0 } };
        for (var from = 1; from < _columns.Count; )
        {
            var to = from + 1;
            while (to < _columns.Count && _columns[to].Group.Length > 0 && _columns[to].Group == _columns[from].Group)
                to++;
            var group = Enumerable.Range(from, to - from).ToList();
            if (blocks[^1].Count > 1 && Width([.. blocks[^1], .. group]) > width)
                blocks.Add([0]);
            blocks[^1].AddRange(group);
            from = to;
        }

        return blocks;
    }

    private int Width(List<int> block) => block.Sum(Width) + (Gap.Length * (block.Count - 1));

    private int Width(int column) => _rows.Select(r => r[column].Length).Append(_columns[column].Head.Length).Max();

    // The heading of a group is over its first column and may reach over its others.
    private Func<int, string> Groups(List<int> block) =>
        column => block.Find(c => _columns[c].Group == _columns[column].Group) == column ? _columns[column].Group : "";

    private void Line(StringBuilder text, int indent, List<int> block, Func<int, string> cell, Func<string, string> style)
    {
        var line = new StringBuilder();
        var (start, shown) = (indent, 0);
        foreach (var column in block)
        {
            var (width, value) = (Width(column), cell(column));
            if (value.Length > 0)
            {
                // A group's heading may be wider than its column: what follows keeps its own place where it can.
                var place = _columns[column].Left ? start : start + Math.Max(0, width - value.Length);
                var blanks = Math.Max(shown > indent ? 1 : 0, place - shown);
                line.Append(' ', blanks).Append(style(value));
                shown += blanks + value.Length;
            }

            start += width + Gap.Length;
        }

        text.Append(line).Append('\n');
    }

    private sealed record Column(string Head, string Group, bool Left);
}
