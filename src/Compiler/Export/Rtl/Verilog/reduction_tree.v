// The binomial tree that adds the sums of SOURCES banks side by side: a level adds pairs and takes CYCLES cycles. A sum without a
// partner waits as long. All sources give a word of SUMS partial sums in the same cycle; without a second source the tree is a wire.
module reduction_tree #(
    parameter SOURCES          = 2,
    parameter SUMS             = 16,
    parameter PARTIAL_SUM_BITS = 32,
    parameter CYCLES           = 2
) (
    input  wire                                     clk,
    input  wire                                     reset,
    input  wire [SOURCES-1:0]                       in_valid,
    input  wire [SOURCES*SUMS*PARTIAL_SUM_BITS-1:0] in_sums,
    output wire                                     out_valid,
    output wire [SUMS*PARTIAL_SUM_BITS-1:0]         out_sums
);
    localparam LEVELS = $clog2(SOURCES);
    localparam WIDTH  = SUMS * PARTIAL_SUM_BITS;

    genvar l, n;
    generate
        for (l = 0; l <= LEVELS; l = l + 1) begin : level
            localparam NODES = (SOURCES + (1 << l) - 1) >> l;
            wire [NODES*WIDTH-1:0] sums;
            if (l == 0) begin : leaves
                assign sums = in_sums;
            end else begin : tree
                localparam BELOW = (SOURCES + (1 << (l - 1)) - 1) >> (l - 1);
                for (n = 0; n < NODES; n = n + 1) begin : node
                    if (2 * n + 1 < BELOW) begin : pair
                        reduce_node #(.COLUMNS(SUMS), .PARTIAL_SUM_BITS(PARTIAL_SUM_BITS), .CYCLES(CYCLES)) one (
                            .clk(clk),
                            .a(level[l-1].sums[2*n*WIDTH +: WIDTH]), .b(level[l-1].sums[(2*n+1)*WIDTH +: WIDTH]),
                            .sums(sums[n*WIDTH +: WIDTH]));
                    end else begin : single
                        delay #(.WIDTH(WIDTH), .CYCLES(CYCLES)) one (
                            .clk(clk), .reset(1'b0), .in(level[l-1].sums[2*n*WIDTH +: WIDTH]), .out(sums[n*WIDTH +: WIDTH]));
                    end
                end
            end
        end
    endgenerate

    assign out_sums = level[LEVELS].sums;
    delay #(.WIDTH(1), .CYCLES(LEVELS * CYCLES)) valid_line (.clk(clk), .reset(reset), .in(&in_valid), .out(out_valid));
endmodule
