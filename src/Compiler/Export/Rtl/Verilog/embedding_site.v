// A site that holds a part of the token embedding: it reads its rows one a cycle and passes on the code and the scale of one
// column, the token's. Row r's leave PIPELINE_CYCLES cycles after the cycle in which it is asked for.
module embedding_site #(
    parameter ROWS            = 256,
    parameter COLUMNS         = 128,
    parameter CODE_BITS       = 4,
    parameter PIPELINE_CYCLES = 8,
    parameter CODES_FILE      = "",
    parameter SCALES_FILE     = ""
) (
    input  wire                 clk,
    input  wire                 reset,
    input  wire                 in_valid,
    input  wire [15:0]          in_row,
    input  wire [15:0]          column,
    output wire                 out_valid,
    output wire [CODE_BITS-1:0] out_code,
    output wire [7:0]           out_scale
);
    localparam SCALE_BITS = 8;
    localparam BLOCKS     = (ROWS + 31) / 32;
    localparam ROW_BITS   = $clog2(ROWS);
    localparam BLOCK_BITS = BLOCKS > 1 ? $clog2(BLOCKS) : 1;

    // Stage 0: the row's address. Stage 1: the word line's codes and scales. Stage 2: the token's column.
    reg                  valid0, valid1, valid2;
    reg [ROW_BITS-1:0]   row;
    reg [BLOCK_BITS-1:0] block;
    wire [COLUMNS*CODE_BITS-1:0] codes;
    wire [SCALE_BITS-1:0]        column_scale;
    // The scale's line is chosen as the array is read.
    wire [COLUMNS-1:0] turn = {{(COLUMNS-1){1'b0}}, 1'b1} << column;
    rom #(.ROWS(ROWS), .COLUMNS(COLUMNS), .CODE_BITS(CODE_BITS), .BLOCKS(BLOCKS), .ROW_BITS(ROW_BITS), .BLOCK_BITS(BLOCK_BITS),
          .SCALE_BITS(SCALE_BITS), .SCALE_COLUMNS(COLUMNS), .UNITS(1), .CODES_FILE(CODES_FILE), .SCALES_FILE(SCALES_FILE)) array (
        .clk(clk), .row(row), .block(block), .turn(turn), .codes(codes), .scales(column_scale));

    reg [CODE_BITS-1:0] code;
    reg [7:0]           scale;
    always @(posedge clk) begin
        valid0 <= ~reset & in_valid;
        valid1 <= ~reset & valid0;
        valid2 <= ~reset & valid1;
        row    <= in_row[ROW_BITS-1:0];
        block  <= in_row[BLOCK_BITS+4:5];
        if (valid1) begin
            code  <= codes[column*CODE_BITS +: CODE_BITS];
            scale <= column_scale;
        end
    end

    delay #(.WIDTH(1), .CYCLES(PIPELINE_CYCLES - 3)) valid_line (.clk(clk), .reset(reset), .in(valid2), .out(out_valid));
    delay #(.WIDTH(CODE_BITS + 8), .CYCLES(PIPELINE_CYCLES - 3)) wires (
        .clk(clk), .reset(1'b0), .in({code, scale}), .out({out_code, out_scale}));

    wire unused = &{1'b0, in_row};
endmodule
