// The bits of the weights layer: a row of codes per cycle and, with an address of its own, the scales of every SCALE_COLUMNS-th
// column of a block. Reads are registered. On the chip this is a via-programmed array; here its contents come from two files of
// hexadecimal rows, column 0 in the low bits. With ROM_BY_PATH defined the names of the files follow from the instance's path, in
// which a site is called at_site_NUMBER, or a case of the bench at_case_NUMBER and its bank segment[NUMBER]: so like banks are one
// module.
module rom #(
    parameter ROWS          = 256,
    parameter COLUMNS       = 16,
    parameter CODE_BITS     = 4,
    parameter BLOCKS        = 8,
    parameter ROW_BITS      = 8,
    parameter BLOCK_BITS    = 3,
    parameter SCALE_BITS    = 8,
    parameter SCALE_COLUMNS = 4,
    parameter UNITS         = 4,
    /* verilator lint_off UNUSEDPARAM */
    parameter CODES_FILE    = "codes.hex",
    parameter SCALES_FILE   = "scales.hex"
    /* verilator lint_on UNUSEDPARAM */
) (
    input  wire                         clk,
    input  wire [ROW_BITS-1:0]          row,
    input  wire [BLOCK_BITS-1:0]        block,
    // One line per column of a scale unit, at most one is 1.
    input  wire [SCALE_COLUMNS-1:0]     turn,
    output reg  [COLUMNS*CODE_BITS-1:0] codes,
    // The scale of column u * SCALE_COLUMNS + turn is at bit u * SCALE_BITS.
    output reg  [UNITS*SCALE_BITS-1:0]  scales
);
    localparam DEPTH = BLOCKS > 1 ? BLOCKS : 2;

    reg [COLUMNS*CODE_BITS-1:0]  code_rows  [0:ROWS-1];
    reg [COLUMNS*SCALE_BITS-1:0] scale_rows [0:DEPTH-1];

`ifdef ROM_BY_PATH
    // Both words have eight letters. The innermost counts; -1: it does not occur.
    localparam PATH = 256;
    function integer behind(input [8*PATH-1:0] path, input [63:0] word);
        integer at, digit;
        begin
            behind = -1;
            for (at = 1; at < PATH - 8; at = at + 1)
                if (behind < 0 && path[8*at +: 64] == word && path[8*(at-1) +: 8] >= "0" && path[8*(at-1) +: 8] <= "9") begin
                    behind = 0;
                    for (digit = at - 1; digit >= 0 && path[8*digit +: 8] >= "0" && path[8*digit +: 8] <= "9"; digit = digit - 1)
                        behind = behind * 10 + {24'b0, path[8*digit +: 8]} - 48;
                end
        end
    endfunction
    reg [8*PATH-1:0] path, name;
    integer site, segment;
    initial begin
        $sformat(path, "%m");
        site    = behind(path, "at_site_");
        segment = behind(path, "segment[");
        $sformat(name, "site_%0d", site);
        if (segment >= 0)
            $sformat(name, "port%0d_%03d", behind(path, "at_case_"), segment);
        $readmemh({name, ".codes.hex"}, code_rows, 0, ROWS - 1);
        $readmemh({name, ".scales.hex"}, scale_rows, 0, BLOCKS - 1);
    end
`else
    initial begin
        $readmemh(CODES_FILE, code_rows, 0, ROWS - 1);
        $readmemh(SCALES_FILE, scale_rows, 0, BLOCKS - 1);
    end
`endif

    wire [COLUMNS*SCALE_BITS-1:0] scale_row = scale_rows[block];
    reg  [UNITS*SCALE_BITS-1:0]   next;
    integer c;
    always @* begin
        next = {(UNITS*SCALE_BITS){1'b0}};
        for (c = 0; c < COLUMNS; c = c + 1)
            if (turn[c % SCALE_COLUMNS])
                next[c/SCALE_COLUMNS*SCALE_BITS +: SCALE_BITS] = scale_row[c*SCALE_BITS +: SCALE_BITS];
    end

    always @(posedge clk) begin
        codes  <= code_rows[row];
        scales <= next;
    end

    wire unused = &{1'b0, turn};
endmodule
