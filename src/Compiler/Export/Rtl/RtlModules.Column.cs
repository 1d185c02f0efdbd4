namespace TaalasSim.Compiler.Export;

public static partial class RtlModules
{
    /// <summary>Verilog of the module <c>column</c>.</summary>
    private const string Column =
        """
        // One column of a bank: selects a product by its stored code, adds a scale block of products, multiplies the block's sum by the block's scale
        // and adds that to an accumulator which saturates.
        module column #(
            parameter CODE_BITS        = 4,
            parameter ACTIVATION_BITS  = 8,
            parameter ACCUMULATOR_BITS = 26,
            parameter BLOCK_ROWS_LOG2  = 5,
            parameter SCALE_BITS       = 8
        ) (
            input  wire clk,
            // Stage 1: all products of one row, and this column's code.
            input  wire [(ACTIVATION_BITS+CODE_BITS-1)*(1<<CODE_BITS)-1:0] lines,
            input  wire [CODE_BITS-1:0]        code,
            // Stage 2: the selected product counts; it is the first of its block.
            input  wire                        take,
            input  wire                        block_start,
            // Stage 3: scale of the block whose sum is complete.
            input  wire [SCALE_BITS-1:0]       scale,
            // Stage 4: the scaled sum counts; it is the first of its vector.
            input  wire                        accumulate,
            input  wire                        vector_start,
            // Stage 5: sum of the column, two's complement.
            output reg  [ACCUMULATOR_BITS-1:0] sum
        );
            localparam PRODUCT_BITS = ACTIVATION_BITS + CODE_BITS - 1;
            localparam BLOCK_BITS   = PRODUCT_BITS + BLOCK_ROWS_LOG2;
            localparam SCALED_BITS  = BLOCK_BITS + SCALE_BITS;
            localparam TOTAL_BITS   = (SCALED_BITS > ACCUMULATOR_BITS ? SCALED_BITS : ACCUMULATOR_BITS) + 1;

            // Stage 2: the selector, one bit of the code after another from the highest; each halves the products that remain.
            genvar i;
            generate
                for (i = CODE_BITS; i >= 0; i = i - 1) begin : level
                    wire [PRODUCT_BITS*(1<<i)-1:0] left;
                    if (i == CODE_BITS) begin : all
                        assign left = lines;
                    end else begin : half
                        assign left = code[i] ? level[i+1].left[PRODUCT_BITS*(2<<i)-1 : PRODUCT_BITS*(1<<i)] : level[i+1].left[PRODUCT_BITS*(1<<i)-1 : 0];
                    end
                end
            endgenerate

            reg [PRODUCT_BITS-1:0] picked;
            always @(posedge clk)
                picked <= level[0].left;

            // Stage 3: sum of the block so far. It cannot overflow.
            reg  [BLOCK_BITS-1:0] block_sum;
            wire [BLOCK_BITS-1:0] so_far = block_start ? {BLOCK_BITS{1'b0}} : block_sum;
            always @(posedge clk)
                if (take)
                    block_sum <= so_far + {{BLOCK_ROWS_LOG2{picked[PRODUCT_BITS-1]}}, picked};

            // Stage 4: signed sum times unsigned scale.
            reg         [SCALED_BITS-1:0] scaled;
            wire signed [SCALED_BITS-1:0] wide_sum   = {{SCALE_BITS{block_sum[BLOCK_BITS-1]}}, block_sum};
            wire signed [SCALED_BITS-1:0] wide_scale = {{BLOCK_BITS{1'b0}}, scale};
            always @(posedge clk)
                scaled <= wide_sum * wide_scale;

            // Stage 5: saturating accumulation.
            wire [ACCUMULATOR_BITS-1:0] kept  = vector_start ? {ACCUMULATOR_BITS{1'b0}} : sum;
            wire [TOTAL_BITS-1:0]       total = {{(TOTAL_BITS-ACCUMULATOR_BITS){kept[ACCUMULATOR_BITS-1]}}, kept}
                                              + {{(TOTAL_BITS-SCALED_BITS){scaled[SCALED_BITS-1]}}, scaled};
            wire fits = &total[TOTAL_BITS-1:ACCUMULATOR_BITS-1] | ~|total[TOTAL_BITS-1:ACCUMULATOR_BITS-1];
            always @(posedge clk)
                if (accumulate)
                    sum <= fits ? total[ACCUMULATOR_BITS-1:0] : {total[TOTAL_BITS-1], {(ACCUMULATOR_BITS-1){~total[TOTAL_BITS-1]}}};
        endmodule

        """;
}
