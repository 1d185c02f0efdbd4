// Gathers WORDS words that come one a cycle and hands them on side by side, word 0 in the low bits, in the cycle of the last. It
// models the units that take a matrix's sums off the links and is no part of a bank.
module collect #(
    parameter WORDS = 4,
    parameter WIDTH = 32
) (
    input  wire                   clk,
    input  wire                   reset,
    input  wire                   in_valid,
    input  wire [WIDTH-1:0]       in,
    output wire                   out_valid,
    output wire [WORDS*WIDTH-1:0] out
);
    generate
        if (WORDS == 1) begin : one
            wire unused = &{1'b0, clk, reset};
            assign out_valid = in_valid;
            assign out       = in;
        end else begin : many
            localparam [WORDS-2:0] ONE = 1;
            reg [(WORDS-1)*WIDTH-1:0] kept;
            // A one for every word that has come.
            reg [WORDS-2:0]           there;
            assign out_valid = in_valid & (&there);
            assign out       = {in, kept};
            always @(posedge clk) begin
                if (in_valid)
                    kept <= out[WORDS*WIDTH-1:WIDTH];
                if (reset | out_valid)
                    there <= {(WORDS-1){1'b0}};
                else if (in_valid)
                    there <= (there << 1) | ONE;
            end
        end
    endgenerate
endmodule
