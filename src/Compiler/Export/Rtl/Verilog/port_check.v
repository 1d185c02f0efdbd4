// Test bench of one matrix port: plays VECTORS vectors, the second right behind the first and later ones after a pause, and prints
// the cycle of every start and of every result with the sums as one hexadecimal number (column 0 in the low bits). Not for
// synthesis.
module port_check #(
    parameter INDEX            = 0,
    parameter VECTORS          = 3,
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
    parameter FILES            = "bank"
) (
    input wire        clk,
    input wire        reset,
    input wire [31:0] cycle
);
    // Row r of vector v is word v * ROWS + r; segment 0 in the low bits.
    reg [SEGMENTS*ACTIVATION_BITS-1:0] vectors [0:VECTORS*ROWS-1];
    initial $readmemh({FILES, ".vectors.hex"}, vectors);

    localparam PAUSE = 5;
    integer started = 0;
    integer pause   = 0;

    wire ready, row_valid, out_valid;
    wire [$clog2(ROWS)-1:0]             row;
    wire [COLUMNS*PARTIAL_SUM_BITS-1:0] out_sums;
    wire        start = ~reset & ready & (started < VECTORS) & (pause == 0);
    wire [31:0] vector = row_valid & ~start ? started - 1 : started;
    wire [31:0] word  = vector * ROWS + {{(32-$clog2(ROWS)){1'b0}}, row};

    matrix_port #(.SEGMENTS(SEGMENTS), .ROWS(ROWS), .COLUMNS(COLUMNS), .CODE_BITS(CODE_BITS), .ACTIVATION_BITS(ACTIVATION_BITS),
                  .ACCUMULATOR_BITS(ACCUMULATOR_BITS), .PARTIAL_SUM_BITS(PARTIAL_SUM_BITS), .PIPELINE_CYCLES(PIPELINE_CYCLES),
                  .SCALE_COLUMNS(SCALE_COLUMNS), .REDUCTION_CYCLES(REDUCTION_CYCLES), .FILES(FILES)) port (
        .clk(clk), .reset(reset), .start(start), .ready(ready), .row_valid(row_valid), .row(row),
        .activations(row_valid ? vectors[word[$clog2(VECTORS*ROWS)-1:0]] : {(SEGMENTS*ACTIVATION_BITS){1'b0}}),
        .out_valid(out_valid), .out_sums(out_sums));

    always @(posedge clk) begin
        if (start) begin
            $display("start %0d %0d %0d", INDEX, started, cycle);
            started <= started + 1;
            // Vector 1 starts as soon as the port is ready, later ones PAUSE cycles after that.
            pause   <= started == 0 ? 0 : PAUSE;
        end else if (ready && pause != 0)
            pause <= pause - 1;
        if (out_valid)
            $display("result %0d %0d %h", INDEX, cycle, out_sums);
    end

    wire unused = &{1'b0, word, vector};
endmodule
