using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Writes the banks and the reduction tree of one output segment of a chip as Verilog, with its ROM contents, a test bench and a
/// Verilator main program.</summary>
public static class ExportVerilog
{
    /// <summary>Name of the module that fixes the parameters, and of its file without extension.</summary>
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
        try
        {
            RtlBench.Write([port], folder);
            File.WriteAllText(Path.Combine(folder, Top + ".v"), TopModule(port.Config, tensor, outputSegment, image.Fabric.Name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: cannot be written: {e.Message}", e);
        }

        return port;
    }

    private static string TopModule(RtlConfig config, string tensor, int outputSegment, string fabric)
    {
        var design = string.Join(' ', RtlModules.Design.Select(d => d.File));
        return $$"""
            // {{tensor}}, output segment {{outputSegment}}, on fabric {{fabric}}: {{config.Segments}} bank(s) of {{config.Rows}} rows and
            // {{config.Columns}} columns of {{config.CodeBits}}-bit codes. The sums stand at the output {{config.LatencyCycles}} cycles
            // after the cycle of start. Lint:     verilator --lint-only -Wall --top-module {{Top}} {{design}} {{Top}}.v Simulate: verilator
            // --cc --exe --build -Wno-fatal --top-module {{RtlBench.Top}} {{design}} {{RtlModules.Bench.File}} {{RtlBench.Top}}.v
            // {{RtlBench.MainFile}}
            //           obj_dir/V{{RtlBench.Top}}
            module {{Top}} (
                input  wire                clk,
                input  wire                reset,
                input  wire                start,
                output wire                ready,
                output wire                row_valid,
                output wire [$clog2({{config.Rows}})-1:0] row,
                input  wire [{{(config.Segments * config.ActivationBits) - 1}}:0] activations,
                output wire                out_valid,
                output wire [{{(config.Columns * config.PartialSumBits) - 1}}:0] out_sums
            );
                matrix_port #({{config.VerilogParameters()}},
                              .FILES("{{RtlBench.Prefix(0)}}")) port (
                    .clk(clk), .reset(reset), .start(start), .ready(ready), .row_valid(row_valid), .row(row),
                    .activations(activations), .out_valid(out_valid), .out_sums(out_sums));
            endmodule

            """;
    }
}
