// Gates the clock of a bank: a bank whose rows are not being read does not switch. The enable is taken in the middle of the cycle, so
// the gated clock has no glitch.
module clock_gate (
    input  wire clk,
    input  wire enable,
    output wire gated
);
    reg open;
    always @(negedge clk)
        open <= enable;
    assign gated = clk & open;
endmodule
