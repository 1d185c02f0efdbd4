using System.Text;
using TaalasSim.ChipModel.BankStyles;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Writes everything that a simulation of one or more matrix ports needs: modules, ROM contents, vectors, a top level and a
/// Verilator main program.</summary>
public static class RtlBench
{
    /// <summary>Name of the top module and of its file without extension.</summary>
    public const string Top = "bench_top";

    /// <summary>Main program of the Verilator simulation.</summary>
    public const string MainFile = "bench_main.cpp";

    /// <summary>
    /// Control file of Verilator for builds with <c>ROM_BY_PATH</c>: like banks stay one module there, so that they are compiled once.
    /// Without it Verilator puts every instance into its parent.
    /// </summary>
    public const string ControlFile = "bench.vlt";

    /// <summary>Writes the bench; every case has its own parameters and runs at the same time as the others.</summary>
    /// <param name="cases">Ports to simulate.</param>
    /// <param name="folder">Folder, made when absent.</param>
    /// <returns>Verilog files, lowest module first, the top last.</returns>
    public static IReadOnlyList<string> Write(IReadOnlyList<RtlCase> cases, string folder) =>
        Write(cases, [.. Enumerable.Range(0, cases.Count)], folder);

    /// <summary>Writes the bench of some cases, which keep their numbers.</summary>
    /// <param name="cases">All cases.</param>
    /// <param name="chosen">Indices of those to simulate.</param>
    /// <param name="folder">Folder, made when absent.</param>
    /// <returns>Verilog files, lowest module first, the top last.</returns>
    public static IReadOnlyList<string> Write(IReadOnlyList<RtlCase> cases, IReadOnlyList<int> chosen, string folder)
    {
        string[] files = [.. RtlSources.Port, "port_check.v", Top + ".v"];
        RtlSources.Write(folder, [.. files, ControlFile, MainFile]);
        foreach (var i in chosen)
        {
            WriteRom(cases[i], folder, Prefix(i));
            WriteVectors(cases[i], Path.Combine(folder, Prefix(i) + ".vectors.hex"));
        }

        File.WriteAllText(Path.Combine(folder, "bench_cases.vh"), Instances(cases, chosen));
        var cycles = Cycles([.. chosen.Select(i => cases[i])]);
        File.WriteAllText(Path.Combine(folder, "bench_cycles.h"), $"constexpr unsigned CYCLES = {cycles};\n");
        return files;
    }

    /// <summary>Writes the codes and scales of every bank of a port as <c>PREFIX_sss.codes.hex</c> and <c>PREFIX_sss.scales.hex</c>; rows
    /// of zeros fill the last block up.</summary>
    public static void WriteRom(RtlCase port, string folder, string prefix)
    {
        var config = port.Config;
        var row = new long[config.Columns];
        for (var s = 0; s < config.Segments; s++)
        {
            HexRows.Write(
                Path.Combine(folder, $"{prefix}_{s:000}.codes.hex"),
                Enumerable.Range(0, config.StreamRows).Select(r => Row(c => r < config.Rows ? port.Codes[s][c][r] : 0, config.CodeBits))
            );
            HexRows.Write(
                Path.Combine(folder, $"{prefix}_{s:000}.scales.hex"),
                Enumerable.Range(0, config.Blocks).Select(b => Row(c => port.Scales[s][c][b], BankArithmetic.ScaleBits))
            );
        }

        string Row(Func<int, long> field, int bits)
        {
            for (var c = 0; c < row.Length; c++)
                row[c] = field(c);
            return HexRows.Format(row, bits);
        }
    }

    /// <summary>Start of the names of a case's files.</summary>
    public static string Prefix(int index) => $"port{index}";

    private static void WriteVectors(RtlCase port, string path)
    {
        var fields = new long[port.Config.Segments];
        HexRows.Write(
            path,
            port.Vectors.SelectMany(vector =>
                Enumerable
                    .Range(0, port.Config.Rows)
                    .Select(r =>
                    {
                        for (var s = 0; s < fields.Length; s++)
                            fields[s] = vector[s][r];
                        return HexRows.Format(fields, port.Config.ActivationBits);
                    })
            )
        );
    }

    private static string Instances(IReadOnlyList<RtlCase> cases, IReadOnlyList<int> chosen)
    {
        var text = new StringBuilder();
        foreach (var i in chosen)
        {
            var parameters = cases[i].Config.VerilogParameters().Select(p => $".{p.Name}({p.Value})");
            text.Append($"port_check #(.INDEX({i}), .VECTORS({cases[i].Vectors.Length}), {string.Join(", ", parameters)},\n")
                .Append($"             .FILES(\"{Prefix(i)}\")) at_case_{i} (.clk(clk), .reset(reset), .cycle(cycle));\n");
        }

        return text.ToString();
    }

    /// <summary>Cycles after which every result is out: reset, for every vector its rows and a pause, and the longest way
    /// through.</summary>
    public static int Cycles(IReadOnlyList<RtlCase> cases) =>
        cases.Max(c => 16 + (c.Vectors.Length * (c.Config.StreamRows + 16)) + c.Config.LatencyCycles);
}
