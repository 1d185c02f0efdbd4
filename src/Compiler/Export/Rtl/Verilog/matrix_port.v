// One output segment of a matrix: SEGMENTS banks side by side along the inputs and the tree that adds their sums.
// Start while ready; in the same cycle row 0 is asked for, then one row a cycle, and every bank takes the activation of its own
// segment. The last block of 32 rows is filled up to SCALE_COLUMNS rows with zeros: STREAM_ROWS rows in all. The sums are at the
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

    localparam [79:0] DIGITS = "0123456789";
    wire [SEGMENTS-1:0]       bank_valid;
    wire [SEGMENTS*WIDTH-1:0] bank_sums;
    genvar s, c;
    generate
        for (s = 0; s < SEGMENTS; s = s + 1) begin : segment
            /* verilator lint_off UNUSEDPARAM */
            localparam [23:0] NUMBER =
                {DIGITS[(9 - s / 100 % 10) * 8 +: 8], DIGITS[(9 - s / 10 % 10) * 8 +: 8], DIGITS[(9 - s % 10) * 8 +: 8]};
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
                assign bank_sums[s*WIDTH + c*PARTIAL_SUM_BITS +: PARTIAL_SUM_BITS] =
                    {{(PARTIAL_SUM_BITS-ACCUMULATOR_BITS){narrow[TOP]}}, narrow[TOP -: ACCUMULATOR_BITS]};
            end
        end
    endgenerate

    wire             word_valid;
    wire [WIDTH-1:0] word;
    reduction_tree #(.SOURCES(SEGMENTS), .SUMS(UNITS), .PARTIAL_SUM_BITS(PARTIAL_SUM_BITS), .CYCLES(REDUCTION_CYCLES)) tree (
        .clk(clk), .reset(reset), .in_valid(bank_valid), .in_sums(bank_sums), .out_valid(word_valid), .out_sums(word));

    // The sums of a vector come in SCALE_COLUMNS words.
    wire [SCALE_COLUMNS*WIDTH-1:0] words;
    collect #(.WORDS(SCALE_COLUMNS), .WIDTH(WIDTH)) collector (
        .clk(clk), .reset(reset), .in_valid(word_valid), .in(word), .out_valid(out_valid), .out(words));
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
