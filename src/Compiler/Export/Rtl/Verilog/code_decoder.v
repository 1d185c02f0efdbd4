// One line for each pair of codes m and -(m+1), m = 0 ... 2^(CODE_BITS-1)-1.
(* keep_hierarchy *)
module code_decoder #(
    parameter CODE_BITS = 4
) (
    input  wire [CODE_BITS-1:0]          code,
    output wire [(1<<(CODE_BITS-1))-1:0] pair
);
    wire [CODE_BITS-2:0] number = code[CODE_BITS-2:0] ^ {(CODE_BITS-1){code[CODE_BITS-1]}};
    genvar m;
    generate
        for (m = 0; m < (1 << (CODE_BITS - 1)); m = m + 1) begin : line
            assign pair[m] = number == m[CODE_BITS-2:0];
        end
    endgenerate
endmodule
