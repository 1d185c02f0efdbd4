using System.Globalization;
using System.Text;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Writes the banks and the reduction tree of one output segment of a chip as Verilog, with its ROM contents, a test bench and a
/// Verilator main program.</summary>
public static class ExportVerilog
{
    /// <summary>Name of the module with fixed parameters, and of its file without extension.</summary>
    public const string Top = "port_top";

    /// <summary>Writes into a folder, which is made when absent.</summary>
    /// <param name="image">Chip.</param>
    /// <param name="tensor">Name of the port.</param>
    /// <param name="outputSegment">Output segment of the port.</param>
    /// <param name="folder">Target.</param>
    /// <param name="seed">Seed of the bench's vectors.</param>
    /// <returns>The case that was written; its configuration has the parameters and the cycles.</returns>
    /// <exception cref="InputException">The port is absent or in a format of GGUF, or the folder cannot be written.</exception>
    public static RtlCase Write(MaskImage image, string tensor, int outputSegment, string folder, int seed = 1)
    {
        var port = RtlCase.FromChip(image, tensor, outputSegment, seed);
        OutputFolder.Fill(folder, inside =>
        {
            RtlBench.Write([port], inside);
            RtlSources.Write(inside, Top + ".v");
            File.WriteAllText(
                Path.Combine(inside, "port_parameters.vh"),
                Parameters(port.Config, $"{tensor}, output segment {outputSegment}, on fabric {image.Fabric.Name}")
            );
        });
        return port;
    }

    private static string Parameters(RtlConfig config, string port)
    {
        var design = string.Join(' ', RtlSources.Port);
        var text = new StringBuilder(
            $"""
            // Port {CodeText.Comment(
                port
            )}: {config.Segments} bank(s) of {config.Rows} rows and {config.Columns} columns of {config.CodeBits}-bit codes.
            // Lint:     verilator --lint-only -Wall --top-module {Top} {design} {Top}.v
            // Simulate: verilator --cc --exe --build -Wno-fatal -fno-dfg --top-module {RtlBench.Top}
            //           {design} port_check.v {RtlBench.Top}.v {RtlBench.MainFile}
            //           obj_dir/V{RtlBench.Top}

            """
        );
        foreach (var (name, value) in config.VerilogParameters())
            text.Append(CultureInfo.InvariantCulture, $"`define {name} {value}\n");
        return text.Append(CultureInfo.InvariantCulture, $"`define LATENCY_CYCLES {config.LatencyCycles}\n")
            .Append(CultureInfo.InvariantCulture, $"`define FILES \"{RtlBench.Prefix(0)}\"\n")
            .ToString();
    }
}
