// Adds two numbers, carry by carry: the smallest adder. A full adder is its own dual (inverted inputs give inverted outputs), so
// every second place takes and gives inverted bits: cells with inverting outputs then need no inverter along the carry.
module ripple_adder #(
    parameter WIDTH = 8
) (
    input  wire [WIDTH-1:0] a,
    input  wire [WIDTH-1:0] b,
    input  wire             carry_in,
    output wire [WIDTH-1:0] sum,
    output wire             carry_out
);
    genvar i;
    generate
        for (i = 0; i < WIDTH; i = i + 1) begin : place
            // The carry into this place and out of it.
            wire from, to;
            if (i == 0) begin : lowest
                assign from = carry_in;
            end else begin : higher
                assign from = place[i-1].to;
            end
            if (i % 2 == 0) begin : plain
                full_adder one (.a(a[i]), .b(b[i]), .c(from), .sum(sum[i]), .carry(to));
            end else begin : dual
                wire not_sum, not_to;
                full_adder one (.a(~a[i]), .b(~b[i]), .c(~from), .sum(not_sum), .carry(not_to));
                assign sum[i] = ~not_sum;
                assign to     = ~not_to;
            end
        end
    endgenerate
    assign carry_out = place[WIDTH-1].to;
endmodule
