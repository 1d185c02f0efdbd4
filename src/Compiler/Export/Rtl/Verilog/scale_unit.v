// Multiplies the block sums of COLUMNS columns, one a cycle, by their scales and adds each to its column's accumulator, which
// saturates. Cycle n: the column whose turn it is; n + 1: its scale; n + 2: its accumulator in and out; n + 3: the new sum,
// registered.
(* keep_hierarchy *)
module scale_unit #(
    parameter COLUMNS          = 32,
    parameter SUM_BITS         = 15,
    parameter SCALE_BITS       = 8,
    parameter ACCUMULATOR_BITS = 26
) (
    input  wire                        clk,
    // One line per column, at most one is 1.
    input  wire [COLUMNS-1:0]          turn,
    input  wire [COLUMNS*SUM_BITS-1:0] held,
    // What every sum is too large by.
    input  wire [SUM_BITS-1:0]         excess,
    input  wire [SCALE_BITS-1:0]       scale,
    input  wire                        vector_start,
    input  wire [ACCUMULATOR_BITS-1:0] accumulator,
    output wire [ACCUMULATOR_BITS-1:0] total,
    output reg  [ACCUMULATOR_BITS-1:0] sum
);
    localparam SCALED_BITS = SUM_BITS + SCALE_BITS;
    localparam TOTAL_BITS  = (SCALED_BITS > ACCUMULATOR_BITS ? SCALED_BITS : ACCUMULATOR_BITS) + 1;

    reg     [SUM_BITS-1:0] chosen;
    integer c;
    always @* begin
        chosen = {SUM_BITS{1'b0}};
        for (c = 0; c < COLUMNS; c = c + 1)
            chosen = chosen | (held[c*SUM_BITS +: SUM_BITS] & {SUM_BITS{turn[c]}});
    end
    wire [SUM_BITS-1:0] difference;
    wire                borrow;
    ripple_adder #(.WIDTH(SUM_BITS)) subtract (.a(chosen), .b(~excess), .carry_in(1'b1), .sum(difference), .carry_out(borrow));
    reg  [SUM_BITS-1:0] block_sum;
    always @(posedge clk)
        block_sum <= difference;

    // Signed sum times unsigned scale, one row of adders for every bit of the scale.
    wire [SCALED_BITS-1:0] product;
    genvar i;
    generate
        for (i = 0; i < SCALE_BITS; i = i + 1) begin : row
            wire [SUM_BITS-1:0] partial = block_sum & {SUM_BITS{scale[i]}};
            wire [SUM_BITS:0]   high;
            if (i == 0) begin : top
                assign high = {partial[SUM_BITS-1], partial};
            end else begin : below
                wire over;
                ripple_adder #(.WIDTH(SUM_BITS + 1)) add (
                    .a({row[i-1].high[SUM_BITS], row[i-1].high[SUM_BITS:1]}), .b({partial[SUM_BITS-1], partial}), .carry_in(1'b0),
                    .sum(high), .carry_out(over));
                wire unused = over;
            end
            if (i < SCALE_BITS - 1) begin : low
                assign product[i] = high[0];
            end else begin : last
                assign product[SCALED_BITS-1:i] = high;
            end
        end
    endgenerate
    reg [SCALED_BITS-1:0] scaled;
    always @(posedge clk)
        scaled <= product;

    // Saturating accumulation.
    wire [ACCUMULATOR_BITS-1:0] kept = accumulator & {ACCUMULATOR_BITS{~vector_start}};
    wire [TOTAL_BITS-1:0]       wide;
    wire                        over;
    ripple_adder #(.WIDTH(TOTAL_BITS)) accumulate (
        .a({{(TOTAL_BITS-ACCUMULATOR_BITS){kept[ACCUMULATOR_BITS-1]}}, kept}),
        .b({{(TOTAL_BITS-SCALED_BITS){scaled[SCALED_BITS-1]}}, scaled}),
        .carry_in(1'b0), .sum(wide), .carry_out(over));
    wire fits = &wide[TOTAL_BITS-1:ACCUMULATOR_BITS-1] | ~|wide[TOTAL_BITS-1:ACCUMULATOR_BITS-1];
    assign total = fits ? wide[ACCUMULATOR_BITS-1:0] : {wide[TOTAL_BITS-1], {(ACCUMULATOR_BITS-1){~wide[TOTAL_BITS-1]}}};
    always @(posedge clk)
        sum <= total;

    wire unused = &{1'b0, borrow, over};
endmodule
