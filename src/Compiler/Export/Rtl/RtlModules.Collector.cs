namespace TaalasSim.Compiler.Export.Rtl;

public static partial class RtlModules
{
    /// <summary>Verilog of the module <c>collector</c>.</summary>
    private const string Collector = """
        // Brings the sums of one output segment to the vector cluster: the binomial tree between the sites along the inputs, then the hops
        // of the network. Sums come LINK_SUMS a cycle from all sites at once; an unpaired site's sums wait as long as the pairs' are added.
        module collector #(
            parameter SEGMENTS         = 1,
            parameter LINK_SUMS        = 16,
            parameter PARTIAL_SUM_BITS = 32,
            parameter REDUCTION_CYCLES = 2,
            parameter HOP_CYCLES       = 1
        ) (
            input  wire                                           clk,
            input  wire                                           reset,
            input  wire [SEGMENTS-1:0]                            in_valid,
            input  wire [SEGMENTS*LINK_SUMS*PARTIAL_SUM_BITS-1:0] in_sums,
            output wire                                           out_valid,
            output wire [LINK_SUMS*PARTIAL_SUM_BITS-1:0]          out_sums
        );
            localparam LEVELS = $clog2(SEGMENTS);
            localparam WIDTH  = LINK_SUMS * PARTIAL_SUM_BITS;

            genvar l, n;
            generate
                for (l = 0; l <= LEVELS; l = l + 1) begin : level
                    localparam NODES = (SEGMENTS + (1 << l) - 1) >> l;
                    wire [NODES*WIDTH-1:0] sums;
                    if (l == 0) begin : sites
                        assign sums = in_sums;
                    end else begin : tree
                        localparam BELOW = (SEGMENTS + (1 << (l - 1)) - 1) >> (l - 1);
                        for (n = 0; n < NODES; n = n + 1) begin : node
                            if (2 * n + 1 < BELOW) begin : pair
                                reduce_node #(.COLUMNS(LINK_SUMS), .PARTIAL_SUM_BITS(PARTIAL_SUM_BITS), .CYCLES(REDUCTION_CYCLES)) one (
                                    .clk(clk),
                                    .a(level[l-1].sums[2*n*WIDTH +: WIDTH]), .b(level[l-1].sums[(2*n+1)*WIDTH +: WIDTH]),
                                    .sums(sums[n*WIDTH +: WIDTH]));
                            end else begin : single
                                delay #(.WIDTH(WIDTH), .CYCLES(REDUCTION_CYCLES)) one (
                                    .clk(clk), .reset(1'b0), .in(level[l-1].sums[2*n*WIDTH +: WIDTH]), .out(sums[n*WIDTH +: WIDTH]));
                            end
                        end
                    end
                end
            endgenerate

            delay #(.WIDTH(1), .CYCLES(LEVELS * REDUCTION_CYCLES + HOP_CYCLES)) valid_line (.clk(clk), .reset(reset), .in(&in_valid), .out(out_valid));
            delay #(.WIDTH(WIDTH), .CYCLES(HOP_CYCLES)) hops (.clk(clk), .reset(1'b0), .in(level[LEVELS].sums), .out(out_sums));
        endmodule

        """;
}
