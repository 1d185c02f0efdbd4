namespace TaalasSim.Compiler.Export.Rtl;

public static partial class RtlModules
{
    /// <summary>Verilog of the module <c>ripple_adder</c>.</summary>
    private const string RippleAdder = """
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
        `ifdef SYNTHESIS
            wire [WIDTH:0] carry;
            assign carry[0]  = carry_in;
            assign carry_out = carry[WIDTH];

            genvar i;
            generate
                for (i = 0; i < WIDTH; i = i + 1) begin : place
                    if (i % 2 == 0) begin : plain
                        full_adder one (.a(a[i]), .b(b[i]), .c(carry[i]), .sum(sum[i]), .carry(carry[i+1]));
                    end else begin : dual
                        wire not_sum, not_carry;
                        full_adder one (.a(~a[i]), .b(~b[i]), .c(~carry[i]), .sum(not_sum), .carry(not_carry));
                        assign sum[i]     = ~not_sum;
                        assign carry[i+1] = ~not_carry;
                    end
                end
            endgenerate
        `else
            // The same in one step for simulation.
            assign {carry_out, sum} = {1'b0, a} + {1'b0, b} + {{WIDTH{1'b0}}, carry_in};
        `endif
        endmodule

        """;
}
