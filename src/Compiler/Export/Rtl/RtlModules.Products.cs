namespace TaalasSim.Compiler.Export;

public static partial class RtlModules
{
    /// <summary>Verilog of the module <c>products</c>.</summary>
    private const string Products =
        """
        // Forms the product of one activation with every code value once; all columns of a bank share the result.
        // Activations are symmetric (the most negative number does not occur), so a product needs one bit less than the sum of the widths.
        module products #(
            parameter CODE_BITS       = 4,
            parameter ACTIVATION_BITS = 8
        ) (
            input  wire                       clk,
            input  wire [ACTIVATION_BITS-1:0] activation,
            // The product with code k stands at bit k * PRODUCT_BITS. Registered.
            output reg  [(ACTIVATION_BITS+CODE_BITS-1)*(1<<CODE_BITS)-1:0] lines
        );
            localparam PRODUCT_BITS = ACTIVATION_BITS + CODE_BITS - 1;
            localparam CODES        = 1 << CODE_BITS;

            wire signed [PRODUCT_BITS-1:0] wide = {{(CODE_BITS-1){activation[ACTIVATION_BITS-1]}}, activation};
            wire [PRODUCT_BITS*CODES-1:0]  next;

            genvar k;
            generate
                for (k = 0; k < CODES; k = k + 1) begin : code
                    // Code k is a two's complement number of CODE_BITS bits.
                    localparam VALUE = k < CODES / 2 ? k : k - CODES;
                    wire signed [PRODUCT_BITS-1:0] product = wide * $signed(VALUE[PRODUCT_BITS-1:0]);
                    assign next[k*PRODUCT_BITS +: PRODUCT_BITS] = product;
                end
            endgenerate

            always @(posedge clk)
                lines <= next;
        endmodule

        """;
}
