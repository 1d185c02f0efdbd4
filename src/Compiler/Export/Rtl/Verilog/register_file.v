// Accumulators of a bank: WORDS words, chosen by one line each. The chosen word is at the output and is written at the end of
// the cycle. On the chip this is a memory array; here it is a behaviour.
module register_file #(
    parameter WORDS = 32,
    parameter WIDTH = 832
) (
    input  wire             clk,
    input  wire [WORDS-1:0] choose,
    input  wire [WIDTH-1:0] in,
    output wire [WIDTH-1:0] out
);
    reg     [WIDTH-1:0] words [0:WORDS-1];
    integer number, w;

    always @* begin
        number = 0;
        for (w = 0; w < WORDS; w = w + 1)
            if (choose[w])
                number = number | w;
    end
    assign out = words[number];

    integer n;
    always @(posedge clk)
        for (n = 0; n < WORDS; n = n + 1)
            if (choose[n])
                words[n] <= in;
endmodule
