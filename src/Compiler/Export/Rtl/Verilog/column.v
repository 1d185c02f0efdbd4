// One column of a bank: picks a line by its stored code, inverts it for negative codes and adds it to the sum of its scale block.
// The sum of a whole block is held while the next block is added.
(* keep_hierarchy *)
module column #(
    parameter CODE_BITS       = 4,
    parameter ACTIVATION_BITS = 8,
    parameter BLOCK_ROWS_LOG2 = 5,
    // 0: the sum is taken in the cycle in which it is ready, and not held.
    parameter HOLDS           = 1
) (
    input  wire                 clk,
    // One row: the lines of products, and this column's code.
    input  wire [(ACTIVATION_BITS+CODE_BITS-1)*(1<<(CODE_BITS-1))-1:0] lines,
    input  wire                 even,
    input  wire [CODE_BITS-1:0] code,
    input  wire                 block_start,
    // Opens the latch while the sum of a whole block is ready.
    input  wire                 hold,
    output wire [ACTIVATION_BITS+CODE_BITS+BLOCK_ROWS_LOG2-2:0] held
);
    localparam PRODUCT_BITS = ACTIVATION_BITS + CODE_BITS - 1;
    localparam SUM_BITS     = PRODUCT_BITS + BLOCK_ROWS_LOG2;
    localparam LINES        = 1 << (CODE_BITS - 1);

    wire                    negative = code[CODE_BITS-1];
    wire [LINES-1:0]        pair;
    wire [PRODUCT_BITS-1:0] addend;
    code_decoder #(.CODE_BITS(CODE_BITS)) decoder (.code(code), .pair(pair));
    reg     [PRODUCT_BITS-1:0] picked;
    integer m;
    always @* begin
        picked = {PRODUCT_BITS{1'b0}};
        for (m = 0; m < (1 << (CODE_BITS - 1)); m = m + 1)
            picked = picked | (lines[m*PRODUCT_BITS +: PRODUCT_BITS] & {PRODUCT_BITS{pair[m]}});
    end
    assign addend = picked ^ {PRODUCT_BITS{negative}};

    // Lines have no sign, so that the upper places only count carries. Sums are taken modulo 2^SUM_BITS; the sum of a block without
    // its excess fits.
    reg  [SUM_BITS-1:0] inverted;
    wire [SUM_BITS-1:0] sum    = ~inverted;
    wire [SUM_BITS-1:0] so_far = sum & {SUM_BITS{~block_start}};
    wire [SUM_BITS-1:0] next;
    wire                carry;
    ripple_adder #(.WIDTH(PRODUCT_BITS)) add (
        .a(so_far[PRODUCT_BITS-1:0]), .b(addend), .carry_in(negative & even), .sum(next[PRODUCT_BITS-1:0]), .carry_out(carry));
    assign next[SUM_BITS-1:PRODUCT_BITS] = so_far[SUM_BITS-1:PRODUCT_BITS] + {{(BLOCK_ROWS_LOG2-1){1'b0}}, carry};
    always @(posedge clk)
        inverted <= ~next;

    generate
        if (HOLDS != 0) begin : latch
            reg [SUM_BITS-1:0] kept;
            /* verilator lint_off LATCH */
            always @*
                if (hold)
                    kept = sum;
            /* verilator lint_on LATCH */
            assign held = kept;
        end else begin : none
            wire unused = hold;
            assign held = sum;
        end
    endgenerate
endmodule
