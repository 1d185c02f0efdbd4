// The banks and the tree of one output segment of a matrix with its parameters fixed: port_parameters.vh names the matrix and gives
// them. The sums are at the output LATENCY_CYCLES cycles after the cycle of start.
`include "port_parameters.vh"
module port_top (
    input  wire                                          clk,
    input  wire                                          reset,
    input  wire                                          start,
    output wire                                          ready,
    output wire                                          row_valid,
    output wire [$clog2(`ROWS)-1:0]                      row,
    input  wire [`SEGMENTS*`ACTIVATION_BITS-1:0]         activations,
    output wire                                          out_valid,
    output wire [`COLUMNS*`PARTIAL_SUM_BITS-1:0]         out_sums
);
    matrix_port #(.SEGMENTS(`SEGMENTS), .ROWS(`ROWS), .COLUMNS(`COLUMNS), .CODE_BITS(`CODE_BITS), .ACTIVATION_BITS(`ACTIVATION_BITS),
                  .ACCUMULATOR_BITS(`ACCUMULATOR_BITS), .PARTIAL_SUM_BITS(`PARTIAL_SUM_BITS), .PIPELINE_CYCLES(`PIPELINE_CYCLES),
                  .SCALE_COLUMNS(`SCALE_COLUMNS), .REDUCTION_CYCLES(`REDUCTION_CYCLES), .FILES(`FILES)) port (
        .clk(clk), .reset(reset), .start(start), .ready(ready), .row_valid(row_valid), .row(row),
        .activations(activations), .out_valid(out_valid), .out_sums(out_sums));
endmodule
