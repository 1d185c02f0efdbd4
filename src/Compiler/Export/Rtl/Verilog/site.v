// A site of the fabric: a bank whose clock runs only while rows pass through it, and the register that hands its column sums out,
// LINK_SUMS a cycle. Its parameters' own values are those of no chip: Verilator compiles a module once for all sites only when some
// parameter differs from them. Beat 0 is at the output in the cycle in which the bank's sums do. The next vector may come when
// the last beat has left.
module site #(
    parameter ROWS             = 32,
    parameter COLUMNS          = 2,
    parameter CODE_BITS        = 4,
    parameter ACTIVATION_BITS  = 8,
    parameter ACCUMULATOR_BITS = 32,
    parameter PARTIAL_SUM_BITS = 32,
    parameter PIPELINE_CYCLES  = 8,
    parameter SCALE_COLUMNS    = 4,
    parameter LINK_SUMS        = 1,
    parameter CODES_FILE       = "codes.hex",
    parameter SCALES_FILE      = "scales.hex"
) (
    input  wire                                  clk,
    input  wire                                  reset,
    // Straps: the beat that holds the last column in use.
    input  wire [15:0]                           last_beat,
    input  wire                                  in_valid,
    input  wire                                  in_first,
    input  wire                                  in_last,
    input  wire [ACTIVATION_BITS-1:0]            in_activation,
    output wire                                  out_valid,
    output wire [LINK_SUMS*PARTIAL_SUM_BITS-1:0] out_sums
);
    localparam BEATS = (COLUMNS + LINK_SUMS - 1) / LINK_SUMS;
    localparam BEAT  = LINK_SUMS * ACCUMULATOR_BITS;

    // The clock stops in the cycle in which the sums are at the output, so they stay there.
    reg  working;
    reg  seen;
    wire finished;
    wire gated;
    clock_gate gate (.clk(clk), .enable(reset | in_valid | (working & ~finished)), .gated(gated));

    localparam UNITS = (COLUMNS + SCALE_COLUMNS - 1) / SCALE_COLUMNS;
    localparam TURN  = UNITS * ACCUMULATOR_BITS;
    wire                          turn_valid;
    wire [TURN-1:0]               turn_sums;
    wire [SCALE_COLUMNS*TURN-1:0] turns;
    bank #(.ROWS(ROWS), .COLUMNS(COLUMNS), .CODE_BITS(CODE_BITS), .ACTIVATION_BITS(ACTIVATION_BITS), .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
           .PIPELINE_CYCLES(PIPELINE_CYCLES), .SCALE_COLUMNS(SCALE_COLUMNS), .CODES_FILE(CODES_FILE), .SCALES_FILE(SCALES_FILE)) one (
        .clk(gated), .reset(reset),
        .in_valid(in_valid), .in_first(in_first), .in_last(in_last), .in_activation(in_activation),
        .out_valid(turn_valid), .out_sums(turn_sums));
    collect #(.WORDS(SCALE_COLUMNS), .WIDTH(TURN)) gather (
        .clk(gated), .reset(reset), .in_valid(turn_valid), .in(turn_sums), .out_valid(finished), .out(turns));

    // The columns of a scale unit come one after another; here they are in their order again.
    wire [COLUMNS*ACCUMULATOR_BITS-1:0] sums;
    genvar c;
    generate
        for (c = 0; c < COLUMNS; c = c + 1) begin : order
            assign sums[c*ACCUMULATOR_BITS +: ACCUMULATOR_BITS] =
                turns[(c % SCALE_COLUMNS)*TURN + (c / SCALE_COLUMNS)*ACCUMULATOR_BITS +: ACCUMULATOR_BITS];
        end
    endgenerate
    wire unused = &{1'b0, turns};

    // Whole beats; columns past the last are zero.
    wire [BEATS*BEAT-1:0] whole;
    generate
        if (BEATS * LINK_SUMS == COLUMNS) begin : even
            assign whole = sums;
        end else begin : padded
            assign whole = {{((BEATS*LINK_SUMS-COLUMNS)*ACCUMULATOR_BITS){1'b0}}, sums};
        end
    endgenerate

    reg  [15:0] next;
    reg         sending;
    wire        ready = finished & ~seen;
    wire [15:0] beat  = sending ? next : 16'd0;
    wire [BEAT-1:0] narrow = whole[beat*BEAT +: BEAT];
    assign out_valid = ready | sending;
    always @(posedge clk) begin
        working <= ~reset & (in_valid | (working & ~finished));
        seen    <= reset | finished;
        sending <= ~reset & out_valid & (beat != last_beat);
        next    <= beat + 16'd1;
    end

    // Sign extension to the width of the network.
    generate
        for (c = 0; c < LINK_SUMS; c = c + 1) begin : columns
            assign out_sums[c*PARTIAL_SUM_BITS +: PARTIAL_SUM_BITS] = out_valid
                ? {{(PARTIAL_SUM_BITS-ACCUMULATOR_BITS+1){narrow[(c+1)*ACCUMULATOR_BITS-1]}},
                   narrow[c*ACCUMULATOR_BITS +: ACCUMULATOR_BITS-1]}
                : {PARTIAL_SUM_BITS{1'b0}};
        end
    endgenerate

`ifndef SYNTHESIS
    always @(posedge clk)
        if (ready & ~reset)
            $display("bank %m %0d %h", $time, sums);
`endif
endmodule
