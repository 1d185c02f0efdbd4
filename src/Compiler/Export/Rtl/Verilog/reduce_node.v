// A node of the reduction tree: adds the partial sums of two banks column by column, saturates, and hands them on after CYCLES
// cycles.
module reduce_node #(
    parameter COLUMNS          = 16,
    parameter PARTIAL_SUM_BITS = 32,
    parameter CYCLES           = 2
) (
    input  wire                                clk,
    input  wire [COLUMNS*PARTIAL_SUM_BITS-1:0] a,
    input  wire [COLUMNS*PARTIAL_SUM_BITS-1:0] b,
    output wire [COLUMNS*PARTIAL_SUM_BITS-1:0] sums
);
    reg [COLUMNS*PARTIAL_SUM_BITS-1:0] added;

    genvar c;
    generate
        for (c = 0; c < COLUMNS; c = c + 1) begin : columns
            localparam TOP = (c + 1) * PARTIAL_SUM_BITS - 1;
            wire [PARTIAL_SUM_BITS:0] total = {a[TOP], a[TOP -: PARTIAL_SUM_BITS]} + {b[TOP], b[TOP -: PARTIAL_SUM_BITS]};
            wire fits = total[PARTIAL_SUM_BITS] == total[PARTIAL_SUM_BITS-1];
            always @(posedge clk)
                added[TOP -: PARTIAL_SUM_BITS] <= fits
                    ? total[PARTIAL_SUM_BITS-1:0]
                    : {total[PARTIAL_SUM_BITS], {(PARTIAL_SUM_BITS-1){~total[PARTIAL_SUM_BITS]}}};
        end
    endgenerate

    delay #(.WIDTH(COLUMNS*PARTIAL_SUM_BITS), .CYCLES(CYCLES - 1)) wires (.clk(clk), .reset(1'b0), .in(added), .out(sums));
endmodule
