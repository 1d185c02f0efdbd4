using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>What synthesis needs to know of a Liberty cell library: its combinational cells, and the smallest full adder and latch, which
/// Yosys does not find itself.</summary>
public sealed partial class LibertyCells
{
    private const long LargestLibrary = 1L << 30;

    // Truth tables over (a, b, c) = bits 0, 1, 2 of the row number.
    private const int Parity = 0b1001_0110,
        Majority = 0b1110_1000,
        Rows = 0xff;

    private readonly List<Cell> cells = [];

    private LibertyCells() { }

    /// <summary>Whether a cell adds three bits.</summary>
    public bool HasFullAdder => SmallestAdder() is not null;

    /// <summary>Cells without state.</summary>
    public IReadOnlyList<string> Gates => [.. cells.Where(c => !c.HasState).Select(c => c.Name)];

    /// <summary>Copies a library out of its compression and reads its cells.</summary>
    /// <param name="source">Liberty file, plain or with extension .gz.</param>
    /// <param name="target">Plain copy.</param>
    /// <exception cref="InputException">The file cannot be read, is larger than 1 GiB unpacked, or holds no cell.</exception>
    public static LibertyCells Unpack(string source, string target)
    {
        try
        {
            using var file = File.OpenRead(source);
            using Stream plain = source.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var copy = File.Create(target);
            var buffer = new byte[1 << 16];
            long total = 0;
            for (int n; (n = plain.Read(buffer)) > 0; copy.Write(buffer, 0, n))
                if ((total += n) > LargestLibrary)
                    throw new InputException($"{source}: is larger than {LargestLibrary} bytes unpacked");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InputException($"{source}: cannot be read: {e.Message}", e);
        }

        var result = new LibertyCells();
        result.Read(File.ReadLines(target));
        if (
            result.cells.SelectMany(c => c.Pins.Select(p => p.Name).Append(c.Name)).FirstOrDefault(n => !CodeText.IsIdentifier(n)) is
            { } name
        )
            throw new InputException($"{source}: '{name}' is no plain name of a cell or pin; letters, digits, _ and $ are allowed");
        return result.cells.Count > 0 ? result : throw new InputException($"{source}: not a Liberty library (no cell in it)");
    }

    /// <summary>
    /// Verilog for Yosys' <c>techmap</c>: <c>full_adder</c> and the latch as cells of the library. Empty for a library without such cells;
    /// adders are then made of its gates, and latches stay unmapped.
    /// </summary>
    public string TechnologyMap()
    {
        var latch = cells.Where(c => c.Latch() is not null).MinBy(c => c.Area);
        return (SmallestAdder() is { } adder ? adder.Adder() + RtlSources.Text("adder_map.v") : "")
            + (latch is null ? "" : latch.Latch() + RtlSources.Text("latch_map.v"));
    }

    private Cell? SmallestAdder() => cells.Where(c => c.Adder() is not null).MinBy(c => c.Area);

    private void Read(IEnumerable<string> lines)
    {
        Cell? cell = null;
        Pin? pin = null;
        foreach (var line in lines)
        {
            if (Group().Match(line) is { Success: true } group)
            {
                var name = group.Groups["name"].Value;
                switch (group.Groups["kind"].Value)
                {
                    case "cell":
                        cells.Add(cell = new Cell(name));
                        pin = null;
                        break;
                    case "pin" when cell is not null:
                        cell.Pins.Add(pin = new Pin(name));
                        break;
                    case "ff" or "latch" or "statetable" when cell is not null:
                        (cell.HasState, cell.State) = (true, group.Groups["kind"].Value == "latch" ? name.Split(',')[0].Trim() : "");
                        break;
                }
            }
            else if (cell is not null && Attribute().Match(line) is { Success: true } attribute)
            {
                var value = attribute.Groups["value"].Value.Trim().Trim('"').Trim();
                switch (attribute.Groups["key"].Value)
                {
                    case "area" when cell.Pins.Count == 0 || cell.Area == 0:
                        _ = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var area);
                        cell.Area = area;
                        break;
                    case "direction" when pin is not null:
                        pin.IsOutput = value == "output";
                        break;
                    case "function" when pin is not null:
                        pin.Function = value;
                        break;
                    case "data_in":
                        cell.Data = value;
                        break;
                    case "enable":
                        cell.Enable = value;
                        break;
                    case "clock_gating_integrated_cell":
                        cell.HasState = true;
                        break;
                }
            }
        }
    }

    [GeneratedRegex(
        @"^\s*(?<kind>cell|pin|ff|latch|statetable)\s*\(\s*""?(?<name>[^"")]*?)""?\s*\)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Group();

    [GeneratedRegex(
        @"^\s*(?<key>area|direction|function|data_in|enable|clock_gating_integrated_cell)\s*:\s*(?<value>[^;]*);?",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Attribute();

    private sealed class Pin(string name)
    {
        public string Name { get; } = name;

        public bool IsOutput { get; set; }

        public string? Function { get; set; }
    }

    private sealed class Cell(string name)
    {
        public string Name { get; } = name;

        public double Area { get; set; }

        public List<Pin> Pins { get; } = [];

        public bool HasState { get; set; }

        public string State { get; set; } = "";

        public string Data { get; set; } = "";

        public string Enable { get; set; } = "";

        // Macros of adder_map.v that make a full adder of this cell; null when it is none.
        public string? Adder()
        {
            var inputs = Pins.Where(p => !p.IsOutput).ToList();
            var outputs = Pins.Where(p => p.IsOutput).ToList();
            if (HasState || Area <= 0 || inputs.Count != 3 || outputs.Count != 2)
                return null;
            var tables = outputs.ConvertAll(o => BooleanFunction.Table(o.Function ?? "", [.. inputs.Select(i => i.Name)]));
            var sum = tables.FindIndex(t => t is Parity or (Parity ^ Rows));
            var carry = tables.FindIndex(t => t is Majority or (Majority ^ Rows));
            return sum < 0 || carry < 0
                ? null
                : Macros(
                    ("ADDER_CELL", Name),
                    ("ADDER_A", inputs[0].Name),
                    ("ADDER_B", inputs[1].Name),
                    ("ADDER_C", inputs[2].Name),
                    ("ADDER_SUM", outputs[sum].Name),
                    ("ADDER_CARRY", outputs[carry].Name),
                    ("ADDER_NOT_SUM", tables[sum] == Parity ? "" : "~"),
                    ("ADDER_NOT_CARRY", tables[carry] == Majority ? "" : "~")
                );
        }

        // Macros of latch_map.v that make Yosys' latch, open while E is 1, of this cell; null when it is no plain latch.
        public string? Latch()
        {
            var output = Pins.Find(p => p.IsOutput && p.Function == State);
            return
                State.Length == 0
                || Area <= 0
                || output is null
                || Pins.Count != 3
                || Pins.TrueForAll(p => p.Name != Data)
                || Pins.TrueForAll(p => p.Name != Enable)
                ? null
                : Macros(("LATCH_CELL", Name), ("LATCH_ENABLE", Enable), ("LATCH_DATA", Data), ("LATCH_OUT", output.Name));
        }

        private static string Macros(params (string Name, string Value)[] macros) =>
            string.Concat(macros.Select(m => $"`define {m.Name} {m.Value}\n"));
    }
}
