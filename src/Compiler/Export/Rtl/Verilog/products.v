// Forms what all columns of a bank share: for each pair of codes m and -(m+1) one line.
//
// With half = floor(a / 2) and odd = a - 2 half, let h = m a + half. Then
//     m a        =  h                     - half
//     -(m + 1) a = -h - odd               - half  =  ~h + (odd ? 0 : 1)  -  half
// so that a column adds h or its complement and a carry, and every column's sum is too large by the same sum of halves. Lines hold
// h + 2^(PRODUCT_BITS-1), a number without sign whose complement is ~h + 2^(PRODUCT_BITS-1). Activations are symmetric (the most
// negative number does not occur).
(* keep_hierarchy *)
module products #(
    parameter CODE_BITS       = 4,
    parameter ACTIVATION_BITS = 8
) (
    input  wire                       clk,
    input  wire [ACTIVATION_BITS-1:0] activation,
    // Line m is at bit m * PRODUCT_BITS. Registered.
    output reg  [(ACTIVATION_BITS+CODE_BITS-1)*(1<<(CODE_BITS-1))-1:0] lines,
    output reg                        even
);
    localparam PRODUCT_BITS = ACTIVATION_BITS + CODE_BITS - 1;
    localparam LINES        = 1 << (CODE_BITS - 1);

    wire [PRODUCT_BITS-1:0] whole = {{(CODE_BITS-1){activation[ACTIVATION_BITS-1]}}, activation};
    wire [PRODUCT_BITS*LINES-1:0] next;

    genvar m;
    generate
        for (m = 0; m < LINES; m = m + 1) begin : line
            // m is a power of two more than a line already there: one adder a line.
            wire [PRODUCT_BITS-1:0] h;
            if (m == 0) begin : first
                assign h = {whole[PRODUCT_BITS-1], whole[PRODUCT_BITS-1:1]};
            end else begin : more
                localparam TOP = $clog2(m + 1) - 1;
                wire over;
                ripple_adder #(.WIDTH(PRODUCT_BITS)) add (
                    .a(line[m - (1 << TOP)].h), .b(whole << TOP), .carry_in(1'b0), .sum(h), .carry_out(over));
                wire unused = over;
            end
            assign next[m*PRODUCT_BITS +: PRODUCT_BITS] = {~h[PRODUCT_BITS-1], h[PRODUCT_BITS-2:0]};
        end
    endgenerate

    always @(posedge clk) begin
        lines <= next;
        even  <= ~activation[0];
    end
endmodule
