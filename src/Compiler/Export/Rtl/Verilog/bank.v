// A ROM bank. It takes one activation per cycle for ROWS cycles without a gap; vectors may follow each other without a gap.
// A block of rows is added in every column at once; while the next block comes in, SCALE_COLUMNS columns after another share a
// scale unit. The last block of a vector therefore must have SCALE_COLUMNS rows at least; ROWS counts the rows of zeros that fill
// it up. The sums of column 0, SCALE_COLUMNS, 2 * SCALE_COLUMNS ... of a vector are at the output first, those of their
// neighbours in the cycles behind that, the last of them PIPELINE_CYCLES cycles after the cycle behind the last activation
// (SCALE_COLUMNS + 4 stages work; the others carry the activation across the bank).
module bank #(
    parameter ROWS             = 256,
    parameter COLUMNS          = 16,
    parameter CODE_BITS        = 4,
    parameter ACTIVATION_BITS  = 8,
    parameter ACCUMULATOR_BITS = 26,
    parameter PIPELINE_CYCLES  = 8,
    parameter SCALE_COLUMNS    = 4,
    parameter CODES_FILE       = "codes.hex",
    parameter SCALES_FILE      = "scales.hex"
) (
    input  wire                       clk,
    input  wire                       reset,
    input  wire                       in_valid,
    input  wire                       in_first,
    input  wire                       in_last,
    input  wire [ACTIVATION_BITS-1:0] in_activation,
    output wire                       out_valid,
    output wire [((COLUMNS+SCALE_COLUMNS-1)/SCALE_COLUMNS)*ACCUMULATOR_BITS-1:0] out_sums
);
    localparam BLOCK_ROWS_LOG2 = 5;
    localparam SCALE_BITS      = 8;
    localparam PRODUCT_BITS    = ACTIVATION_BITS + CODE_BITS - 1;
    localparam SUM_BITS        = PRODUCT_BITS + BLOCK_ROWS_LOG2;
    localparam LINES           = PRODUCT_BITS * (1 << (CODE_BITS - 1));
    localparam UNITS           = (COLUMNS + SCALE_COLUMNS - 1) / SCALE_COLUMNS;
    localparam BLOCKS          = (ROWS + (1 << BLOCK_ROWS_LOG2) - 1) >> BLOCK_ROWS_LOG2;
    localparam ROW_BITS        = $clog2(ROWS);
    localparam BLOCK_BITS      = BLOCKS > 1 ? $clog2(BLOCKS) : 1;
    localparam COUNT_BITS      = BLOCK_BITS + BLOCK_ROWS_LOG2;
    localparam SCALE_DELAY     = 3;

    // Cycle 0: the activation's way across the bank ends, and its row is known.
    wire valid, first, last;
    wire [ACTIVATION_BITS-1:0] activation;
    delay #(.WIDTH(1), .CYCLES(PIPELINE_CYCLES - SCALE_COLUMNS - 4)) valid_line (.clk(clk), .reset(reset), .in(in_valid), .out(valid));
    delay #(.WIDTH(ACTIVATION_BITS + 2), .CYCLES(PIPELINE_CYCLES - SCALE_COLUMNS - 4)) broadcast (
        .clk(clk), .reset(1'b0), .in({in_first, in_last, in_activation}), .out({first, last, activation}));
    reg  [COUNT_BITS-1:0] next_row;
    wire [COUNT_BITS-1:0] row = next_row & {COUNT_BITS{~first}};

    // Cycle 1: products; the ROM has its row. Cycle 2: columns add. Cycle 3: block sums are ready.
    reg [ACTIVATION_BITS-1:0] activation1;
    reg [COUNT_BITS-1:0]      row1;
    reg [BLOCK_BITS-1:0]      block2, block3;
    reg ends1, ends2, last1, last2, last3, starts2;
    always @(posedge clk) begin
        next_row    <= row + {{(COUNT_BITS-1){1'b0}}, 1'b1};
        // Between vectors columns add zeros.
        activation1 <= activation & {ACTIVATION_BITS{valid}};
        row1        <= row;
        ends1       <= valid & (last | &row[BLOCK_ROWS_LOG2-1:0]) & ~reset;
        ends2       <= ends1 & ~reset;
        last1       <= last;
        last2       <= last1;
        starts2     <= ~|row1[BLOCK_ROWS_LOG2-1:0];
        block2      <= row1[COUNT_BITS-1:BLOCK_ROWS_LOG2];
        // Stay for the time of scaling.
        if (ends2) begin
            block3 <= block2;
            last3  <= last2;
        end
    end

    wire [LINES-1:0] lines;
    wire             even;
    products #(.CODE_BITS(CODE_BITS), .ACTIVATION_BITS(ACTIVATION_BITS)) generator (
        .clk(clk), .activation(activation1), .lines(lines), .even(even));

    // Cycle 3 + n is the turn of column n of every scale unit; line n of turn is 1 then.
    reg  [SCALE_COLUMNS+1:0] turn;
    reg                      busy;
    always @(posedge clk) begin
        turn <= {turn[SCALE_COLUMNS:0], ends2} & {(SCALE_COLUMNS+2){~reset}};
        busy <= (ends2 | (busy & ~turn[SCALE_COLUMNS-1])) & ~reset;
    end
    wire hold = turn[0] & ~clk;

    wire [COLUMNS*CODE_BITS-1:0] codes;
    wire [UNITS*SCALE_BITS-1:0]  scales;
    rom #(.ROWS(ROWS), .COLUMNS(COLUMNS), .CODE_BITS(CODE_BITS), .BLOCKS(BLOCKS), .ROW_BITS(ROW_BITS), .BLOCK_BITS(BLOCK_BITS),
          .SCALE_BITS(SCALE_BITS), .SCALE_COLUMNS(SCALE_COLUMNS), .UNITS(UNITS), .CODES_FILE(CODES_FILE), .SCALES_FILE(SCALES_FILE)) array (
        .clk(clk), .row(row1[ROW_BITS-1:0]), .block(block3), .turn(turn[SCALE_COLUMNS-1:0]), .codes(codes), .scales(scales));

    // What line 0 adds up to in a block is what every column has too much.
    reg  [SUM_BITS-1:0] line_sum, line_kept;
    wire [SUM_BITS-1:0] excess = turn[0] ? line_sum : line_kept;
    wire [SUM_BITS-1:0] line_so_far = line_sum & {SUM_BITS{~starts2}};
    wire [SUM_BITS-1:0] line_next;
    wire                line_carry;
    ripple_adder #(.WIDTH(PRODUCT_BITS)) add_line (
        .a(line_so_far[PRODUCT_BITS-1:0]), .b(lines[PRODUCT_BITS-1:0]), .carry_in(1'b0),
        .sum(line_next[PRODUCT_BITS-1:0]), .carry_out(line_carry));
    assign line_next[SUM_BITS-1:PRODUCT_BITS] = line_so_far[SUM_BITS-1:PRODUCT_BITS] + {{(BLOCK_ROWS_LOG2-1){1'b0}}, line_carry};
    always @(posedge clk) begin
        line_sum  <= line_next;
        line_kept <= excess;
    end

    wire vector_start;
    delay #(.WIDTH(1), .CYCLES(SCALE_DELAY - 1)) start_line (.clk(clk), .reset(1'b0), .in(~|block3), .out(vector_start));
    delay #(.WIDTH(1), .CYCLES(SCALE_DELAY)) result_line (.clk(clk), .reset(reset), .in(busy & last3), .out(out_valid));

    wire [UNITS*ACCUMULATOR_BITS-1:0] accumulators, totals;
    register_file #(.WORDS(SCALE_COLUMNS), .WIDTH(UNITS*ACCUMULATOR_BITS)) sums (
        .clk(clk), .choose(turn[SCALE_COLUMNS+1:2]), .in(totals), .out(accumulators));

    genvar u, c;
    generate
        for (u = 0; u < UNITS; u = u + 1) begin : units
            wire [SCALE_COLUMNS*SUM_BITS-1:0] held;
            for (c = 0; c < SCALE_COLUMNS; c = c + 1) begin : columns
                localparam NUMBER = u * SCALE_COLUMNS + c;
                if (NUMBER < COLUMNS) begin : present
                    column #(.CODE_BITS(CODE_BITS), .ACTIVATION_BITS(ACTIVATION_BITS), .BLOCK_ROWS_LOG2(BLOCK_ROWS_LOG2),
                             .HOLDS(c > 0 ? 1 : 0)) one (
                        .clk(clk), .lines(lines), .even(even), .code(codes[NUMBER*CODE_BITS +: CODE_BITS]),
                        .block_start(starts2), .hold(hold), .held(held[c*SUM_BITS +: SUM_BITS]));
                end else begin : absent
                    assign held[c*SUM_BITS +: SUM_BITS] = {SUM_BITS{1'b0}};
                end
            end
            scale_unit #(.COLUMNS(SCALE_COLUMNS), .SUM_BITS(SUM_BITS), .SCALE_BITS(SCALE_BITS),
                         .ACCUMULATOR_BITS(ACCUMULATOR_BITS)) scaler (
                .clk(clk), .turn(turn[SCALE_COLUMNS-1:0]), .held(held), .excess(excess), .scale(scales[u*SCALE_BITS +: SCALE_BITS]),
                .vector_start(vector_start),
                .accumulator(accumulators[u*ACCUMULATOR_BITS +: ACCUMULATOR_BITS]),
                .total(totals[u*ACCUMULATOR_BITS +: ACCUMULATOR_BITS]),
                .sum(out_sums[u*ACCUMULATOR_BITS +: ACCUMULATOR_BITS]));
        end
    endgenerate

    wire unused = &{1'b0, row1};
endmodule
