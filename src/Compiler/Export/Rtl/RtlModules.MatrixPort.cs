namespace TaalasSim.Compiler.Export.Rtl;

public static partial class RtlModules
{
    /// <summary>Verilog of the module <c>matrix_port</c>.</summary>
    private const string MatrixPort = """
        // One output segment of a matrix: SEGMENTS banks side by side along the inputs and the tree that adds their sums.
        // Start while ready; in the same cycle row 0 is asked for, then one row a cycle, and every bank takes the activation of its own
        // segment. The last block of 32 rows is filled up to SCALE_COLUMNS rows with zeros: STREAM_ROWS rows in all. The sums stand at the
        // output STREAM_ROWS + PIPELINE_CYCLES + levels * REDUCTION_CYCLES cycles after the cycle of start, levels = ceil(log2(SEGMENTS)).
        module matrix_port #(
            parameter SEGMENTS         = 2,
            parameter ROWS             = 256,
            parameter COLUMNS          = 16,
            parameter CODE_BITS        = 4,
            parameter ACTIVATION_BITS  = 8,
            parameter ACCUMULATOR_BITS = 26,
            parameter PARTIAL_SUM_BITS = 32,
            parameter PIPELINE_CYCLES  = 8,
            parameter SCALE_COLUMNS    = 4,
            parameter REDUCTION_CYCLES = 2,
            // Bank s reads FILES_sss.codes.hex and FILES_sss.scales.hex, s in three decimal digits; with ROM_BY_PATH defined the ROM finds
            // them itself.
            /* verilator lint_off UNUSEDPARAM */
            parameter FILES            = "bank"
            /* verilator lint_on UNUSEDPARAM */
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
            localparam TAIL        = (ROWS - 1) % 32 + 1;
            localparam STREAM_ROWS = ROWS + (TAIL < SCALE_COLUMNS ? SCALE_COLUMNS - TAIL : 0);
            localparam ROW_BITS    = $clog2(ROWS);
            localparam COUNT_BITS  = $clog2(STREAM_ROWS);
            localparam LEVELS      = $clog2(SEGMENTS);
            // Sums that a bank gives a cycle, and their bits.
            localparam UNITS       = (COLUMNS + SCALE_COLUMNS - 1) / SCALE_COLUMNS;
            localparam WIDTH       = UNITS * PARTIAL_SUM_BITS;

            // Input sequencing.
            localparam [COUNT_BITS-1:0] ONE      = 1;
            localparam [COUNT_BITS-1:0] LAST_ROW = {COUNT_BITS{1'b1}} & (STREAM_ROWS[COUNT_BITS-1:0] - ONE);
            reg                   running;
            reg  [COUNT_BITS-1:0] counter;
            wire [COUNT_BITS-1:0] place = running ? counter : {COUNT_BITS{1'b0}};
            wire streams  = start | running;
            wire last     = place == LAST_ROW;
            assign ready  = ~running;
            assign row    = place[ROW_BITS-1:0];
            generate
                if (STREAM_ROWS == ROWS) begin : whole
                    assign row_valid = streams;
                end else begin : filled
                    localparam [COUNT_BITS-1:0] END = {COUNT_BITS{1'b1}} & ROWS[COUNT_BITS-1:0];
                    assign row_valid = streams & (place < END);
                end
            endgenerate
            always @(posedge clk) begin
                running <= ~reset & streams & ~last;
                counter <= place + ONE;
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
                            /* verilator lint_off UNUSEDPARAM */
                            localparam [23:0] NUMBER = {DIGITS[(9 - s / 100 % 10) * 8 +: 8], DIGITS[(9 - s / 10 % 10) * 8 +: 8], DIGITS[(9 - s % 10) * 8 +: 8]};
                            /* verilator lint_on UNUSEDPARAM */
                            wire [UNITS*ACCUMULATOR_BITS-1:0] narrow;
                            bank #(
                            `ifndef ROM_BY_PATH
                                .CODES_FILE({FILES, "_", NUMBER, ".codes.hex"}), .SCALES_FILE({FILES, "_", NUMBER, ".scales.hex"}),
                            `endif
                                .ROWS(STREAM_ROWS), .COLUMNS(COLUMNS), .CODE_BITS(CODE_BITS), .ACTIVATION_BITS(ACTIVATION_BITS),
                                .ACCUMULATOR_BITS(ACCUMULATOR_BITS), .PIPELINE_CYCLES(PIPELINE_CYCLES), .SCALE_COLUMNS(SCALE_COLUMNS)) one (
                                .clk(clk), .reset(reset),
                                .in_valid(streams), .in_first(start & ~running), .in_last(last),
                                .in_activation(activations[s*ACTIVATION_BITS +: ACTIVATION_BITS] & {ACTIVATION_BITS{row_valid}}),
                                .out_valid(bank_valid[s]), .out_sums(narrow));
                            for (c = 0; c < UNITS; c = c + 1) begin : columns
                                localparam TOP = (c + 1) * ACCUMULATOR_BITS - 1;
                                assign sums[s*WIDTH + c*PARTIAL_SUM_BITS +: PARTIAL_SUM_BITS] =
                                    {{(PARTIAL_SUM_BITS-ACCUMULATOR_BITS){narrow[TOP]}}, narrow[TOP -: ACCUMULATOR_BITS]};
                            end
                        end
                    end else begin : tree
                        localparam BELOW = (SEGMENTS + (1 << (l - 1)) - 1) >> (l - 1);
                        for (n = 0; n < NODES; n = n + 1) begin : node
                            if (2 * n + 1 < BELOW) begin : pair
                                reduce_node #(.COLUMNS(UNITS), .PARTIAL_SUM_BITS(PARTIAL_SUM_BITS), .CYCLES(REDUCTION_CYCLES)) one (
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

            // The sums of a vector come in SCALE_COLUMNS words.
            wire                           word_valid;
            wire [SCALE_COLUMNS*WIDTH-1:0] words;
            delay #(.WIDTH(1), .CYCLES(LEVELS * REDUCTION_CYCLES)) valid_line (.clk(clk), .reset(reset), .in(&bank_valid), .out(word_valid));
            collect #(.WORDS(SCALE_COLUMNS), .WIDTH(WIDTH)) collector (
                .clk(clk), .reset(reset), .in_valid(word_valid), .in(level[LEVELS].sums), .out_valid(out_valid), .out(words));
            generate
                for (c = 0; c < UNITS * SCALE_COLUMNS; c = c + 1) begin : order
                    localparam AT = (c % SCALE_COLUMNS) * WIDTH + (c / SCALE_COLUMNS) * PARTIAL_SUM_BITS;
                    if (c < COLUMNS) begin : present
                        assign out_sums[c*PARTIAL_SUM_BITS +: PARTIAL_SUM_BITS] = words[AT +: PARTIAL_SUM_BITS];
                    end else begin : absent
                        wire unused = &{1'b0, words[AT +: PARTIAL_SUM_BITS]};
                    end
                end
            endgenerate
        endmodule

        """;
}
