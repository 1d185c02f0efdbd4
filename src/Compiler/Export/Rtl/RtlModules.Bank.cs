namespace TaalasSim.Compiler.Export;

public static partial class RtlModules
{
    /// <summary>Verilog of the module <c>bank</c>.</summary>
    private const string Bank =
        """
        // A ROM bank. It takes one activation per cycle for ROWS cycles; the sums of all columns stand at the output PIPELINE_CYCLES cycles after
        // the cycle of the last activation (five register stages work; the others carry the activation across the bank). Vectors may follow each other without a gap.
        module bank #(
            parameter ROWS             = 256,
            parameter COLUMNS          = 16,
            parameter CODE_BITS        = 4,
            parameter ACTIVATION_BITS  = 8,
            parameter ACCUMULATOR_BITS = 26,
            parameter PIPELINE_CYCLES  = 8,
            parameter CODES_FILE       = "codes.hex",
            parameter SCALES_FILE      = "scales.hex"
        ) (
            input  wire                                clk,
            input  wire                                reset,
            input  wire                                in_valid,
            input  wire                                in_first,
            input  wire                                in_last,
            input  wire [ACTIVATION_BITS-1:0]          in_activation,
            output wire                                out_valid,
            output wire [COLUMNS*ACCUMULATOR_BITS-1:0] out_sums
        );
            localparam BLOCK_ROWS_LOG2 = 5;
            localparam SCALE_BITS      = 8;
            localparam BLOCKS          = (ROWS + (1 << BLOCK_ROWS_LOG2) - 1) >> BLOCK_ROWS_LOG2;
            localparam ROW_BITS        = $clog2(ROWS);
            localparam BLOCK_BITS      = BLOCKS > 1 ? $clog2(BLOCKS) : 1;
            localparam WORKING_STAGES  = 5;

            // The activation's way across the bank.
            wire valid, first, last;
            wire [ACTIVATION_BITS-1:0] activation;
            delay #(.WIDTH(ACTIVATION_BITS + 3), .CYCLES(PIPELINE_CYCLES - WORKING_STAGES)) broadcast (
                .clk(clk), .reset(reset),
                .in({in_valid, in_first, in_last, in_activation}),
                .out({valid, first, last, activation}));

            // Which row this is, where in its block it stands, and which block that is.
            reg  [ROW_BITS-1:0]        next_row;
            reg  [BLOCK_ROWS_LOG2-1:0] next_place;
            reg  [BLOCK_BITS-1:0]      next_block;
            wire [ROW_BITS-1:0]        row   = first ? {ROW_BITS{1'b0}} : next_row;
            wire [BLOCK_ROWS_LOG2-1:0] place = first ? {BLOCK_ROWS_LOG2{1'b0}} : next_place;
            wire [BLOCK_BITS-1:0]      block = first ? {BLOCK_BITS{1'b0}} : next_block;
            wire                       block_start = place == {BLOCK_ROWS_LOG2{1'b0}};
            wire                       block_end   = last | &place;
            always @(posedge clk)
                if (valid) begin
                    next_row   <= row + {{(ROW_BITS-1){1'b0}}, 1'b1};
                    next_place <= place + {{(BLOCK_ROWS_LOG2-1){1'b0}}, 1'b1};
                    if (&place)
                        next_block <= block + {{(BLOCK_BITS-1){1'b0}}, 1'b1};
                    else
                        next_block <= block;
                end

            // Flags travel with the data; index n belongs to stage n.
            reg [5:0] take, starts_block, ends_block, starts_vector, ends_vector;
            reg [ACTIVATION_BITS-1:0] activation0;
            reg [ROW_BITS-1:0]        row0;
            reg [BLOCK_BITS-1:0]      block0, block1, block2;
            always @(posedge clk) begin
                activation0   <= activation;
                row0          <= row;
                block0        <= block;
                block1        <= block0;
                block2        <= block1;
                take          <= reset ? 6'b0 : {take[4:0], valid};
                starts_block  <= {starts_block[4:0], block_start};
                ends_block    <= reset ? 6'b0 : {ends_block[4:0], valid & block_end};
                // The scaled sum of block 0 opens the vector, whatever its number of rows.
                starts_vector <= {starts_vector[4:0], block == {BLOCK_BITS{1'b0}}};
                ends_vector   <= reset ? 6'b0 : {ends_vector[4:0], valid & last};
            end

            // Stage 1: products of the activation with every code value, beside them the row of codes.
            localparam LINES = (ACTIVATION_BITS + CODE_BITS - 1) * (1 << CODE_BITS);
            wire [LINES-1:0] lines;
            products #(.CODE_BITS(CODE_BITS), .ACTIVATION_BITS(ACTIVATION_BITS)) generator (
                .clk(clk), .activation(activation0), .lines(lines));

            wire [COLUMNS*CODE_BITS-1:0]  codes;
            wire [COLUMNS*SCALE_BITS-1:0] scales;
            rom #(.ROWS(ROWS), .COLUMNS(COLUMNS), .CODE_BITS(CODE_BITS), .BLOCKS(BLOCKS), .ROW_BITS(ROW_BITS), .BLOCK_BITS(BLOCK_BITS),
                  .SCALE_BITS(SCALE_BITS), .CODES_FILE(CODES_FILE), .SCALES_FILE(SCALES_FILE)) array (
                .clk(clk), .row(row0), .block(block2), .codes(codes), .scales(scales));

            // Stages 2 to 5.
            genvar c;
            generate
                for (c = 0; c < COLUMNS; c = c + 1) begin : columns
                    column #(.CODE_BITS(CODE_BITS), .ACTIVATION_BITS(ACTIVATION_BITS), .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
                             .BLOCK_ROWS_LOG2(BLOCK_ROWS_LOG2), .SCALE_BITS(SCALE_BITS)) one (
                        .clk(clk),
                        .lines(lines),
                        .code(codes[c*CODE_BITS +: CODE_BITS]),
                        .take(take[2]),
                        .block_start(starts_block[2]),
                        .scale(scales[c*SCALE_BITS +: SCALE_BITS]),
                        .accumulate(ends_block[4]),
                        .vector_start(starts_vector[4]),
                        .sum(out_sums[c*ACCUMULATOR_BITS +: ACCUMULATOR_BITS]));
                end
            endgenerate

            assign out_valid = ends_vector[5];

            wire unused = &{1'b0, take[5:3], starts_block[5:3], ends_block[5], starts_vector[5]};
        endmodule

        """;
}
