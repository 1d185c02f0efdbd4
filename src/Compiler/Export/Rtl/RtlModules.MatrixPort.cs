namespace TaalasSim.Compiler.Export;

public static partial class RtlModules
{
    /// <summary>Verilog of the module <c>matrix_port</c>.</summary>
    private const string MatrixPort =
        """
        // One output segment of a matrix: SEGMENTS banks side by side along the inputs and the tree that adds their sums.
        // Start while ready; in the same cycle row 0 is asked for, then one row a cycle, and every bank takes the activation of its own segment.
        // The sums stand at the output ROWS + PIPELINE_CYCLES + levels * REDUCTION_CYCLES cycles after the cycle of start, levels = ceil(log2(SEGMENTS)).
        module matrix_port #(
            parameter SEGMENTS         = 2,
            parameter ROWS             = 256,
            parameter COLUMNS          = 16,
            parameter CODE_BITS        = 4,
            parameter ACTIVATION_BITS  = 8,
            parameter ACCUMULATOR_BITS = 26,
            parameter PARTIAL_SUM_BITS = 32,
            parameter PIPELINE_CYCLES  = 8,
            parameter REDUCTION_CYCLES = 2,
            // Bank s reads FILES_sss.codes.hex and FILES_sss.scales.hex, s in three decimal digits.
            parameter FILES            = "bank"
        ) (
            input  wire                                clk,
            input  wire                                reset,
            input  wire                                start,
            output wire                                ready,
            output wire                                row_valid,
            output wire [$clog2(ROWS)-1:0]             row,
            input  wire [SEGMENTS*ACTIVATION_BITS-1:0] activations,
            output wire                                out_valid,
            output wire [COLUMNS*PARTIAL_SUM_BITS-1:0] out_sums
        );
            localparam ROW_BITS = $clog2(ROWS);
            localparam LEVELS   = $clog2(SEGMENTS);
            localparam WIDTH    = COLUMNS * PARTIAL_SUM_BITS;

            // Input sequencing.
            localparam [ROW_BITS-1:0] ONE      = 1;
            localparam [ROW_BITS-1:0] LAST_ROW = {ROW_BITS{1'b1}} & (ROWS[ROW_BITS-1:0] - ONE);
            reg                 running;
            reg  [ROW_BITS-1:0] counter;
            assign ready     = ~running;
            assign row_valid = start | running;
            assign row       = running ? counter : {ROW_BITS{1'b0}};
            wire   last      = row == LAST_ROW;
            always @(posedge clk) begin
                running <= ~reset & row_valid & ~last;
                counter <= row + ONE;
            end

            // Level 0: the banks. Level l: pairs of level l - 1 are added; an unpaired sum waits as long.
            localparam [79:0] DIGITS = "0123456789";
            wire [SEGMENTS-1:0] bank_valid;
            genvar l, s, c, n;
            generate
                for (l = 0; l <= LEVELS; l = l + 1) begin : level
                    localparam NODES = (SEGMENTS + (1 << l) - 1) >> l;
                    wire [NODES*WIDTH-1:0] sums;
                    if (l == 0) begin : banks
                        for (s = 0; s < SEGMENTS; s = s + 1) begin : segment
                            localparam [23:0] NUMBER = {DIGITS[(9 - s / 100 % 10) * 8 +: 8], DIGITS[(9 - s / 10 % 10) * 8 +: 8], DIGITS[(9 - s % 10) * 8 +: 8]};
                            wire [COLUMNS*ACCUMULATOR_BITS-1:0] narrow;
                            bank #(.ROWS(ROWS), .COLUMNS(COLUMNS), .CODE_BITS(CODE_BITS), .ACTIVATION_BITS(ACTIVATION_BITS),
                                   .ACCUMULATOR_BITS(ACCUMULATOR_BITS), .PIPELINE_CYCLES(PIPELINE_CYCLES),
                                   .CODES_FILE({FILES, "_", NUMBER, ".codes.hex"}), .SCALES_FILE({FILES, "_", NUMBER, ".scales.hex"})) one (
                                .clk(clk), .reset(reset),
                                .in_valid(row_valid), .in_first(start & ~running), .in_last(last),
                                .in_activation(activations[s*ACTIVATION_BITS +: ACTIVATION_BITS]),
                                .out_valid(bank_valid[s]), .out_sums(narrow));
                            for (c = 0; c < COLUMNS; c = c + 1) begin : columns
                                localparam TOP = (c + 1) * ACCUMULATOR_BITS - 1;
                                assign sums[s*WIDTH + c*PARTIAL_SUM_BITS +: PARTIAL_SUM_BITS] =
                                    {{(PARTIAL_SUM_BITS-ACCUMULATOR_BITS){narrow[TOP]}}, narrow[TOP -: ACCUMULATOR_BITS]};
                            end
                        end
                    end else begin : tree
                        localparam BELOW = (SEGMENTS + (1 << (l - 1)) - 1) >> (l - 1);
                        for (n = 0; n < NODES; n = n + 1) begin : node
                            if (2 * n + 1 < BELOW) begin : pair
                                reduce_node #(.COLUMNS(COLUMNS), .PARTIAL_SUM_BITS(PARTIAL_SUM_BITS), .CYCLES(REDUCTION_CYCLES)) one (
                                    .clk(clk),
                                    .a(level[l-1].sums[2*n*WIDTH +: WIDTH]), .b(level[l-1].sums[(2*n+1)*WIDTH +: WIDTH]),
                                    .sums(sums[n*WIDTH +: WIDTH]));
                            end else begin : single
                                delay #(.WIDTH(WIDTH), .CYCLES(REDUCTION_CYCLES)) one (
                                    .clk(clk), .reset(1'b0), .in(level[l-1].sums[2*n*WIDTH +: WIDTH]), .out(sums[n*WIDTH +: WIDTH]));
                            end
                        end
                    end
                end
            endgenerate

            assign out_sums = level[LEVELS].sums;
            delay #(.WIDTH(1), .CYCLES(LEVELS * REDUCTION_CYCLES)) valid_line (.clk(clk), .reset(reset), .in(&bank_valid), .out(out_valid));
        endmodule

        """;
}
