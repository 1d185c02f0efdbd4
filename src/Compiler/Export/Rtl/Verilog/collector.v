// Brings the sums of one output segment to the vector cluster: the tree between the sites along the inputs, then the hops of the
// network. Sums come LINK_SUMS a cycle from all sites at once.
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
    localparam WIDTH = LINK_SUMS * PARTIAL_SUM_BITS;

    wire             tree_valid;
    wire [WIDTH-1:0] tree_sums;
    reduction_tree #(.SOURCES(SEGMENTS), .SUMS(LINK_SUMS), .PARTIAL_SUM_BITS(PARTIAL_SUM_BITS), .CYCLES(REDUCTION_CYCLES)) tree (
        .clk(clk), .reset(reset), .in_valid(in_valid), .in_sums(in_sums), .out_valid(tree_valid), .out_sums(tree_sums));
    delay #(.WIDTH(1), .CYCLES(HOP_CYCLES)) valid_line (.clk(clk), .reset(reset), .in(tree_valid), .out(out_valid));
    delay #(.WIDTH(WIDTH), .CYCLES(HOP_CYCLES)) hops (.clk(clk), .reset(1'b0), .in(tree_sums), .out(out_sums));
endmodule
