// Sends the activations of a port to its sites: from the cycle of start one row a cycle, every input segment its own, HOP_CYCLES
// later at the sites. Rows past the last input are zero.
module row_stream #(
    parameter ROWS            = 128,
    parameter BANK_ROWS       = 256,
    parameter SEGMENTS        = 1,
    parameter INPUTS          = 128,
    parameter ACTIVATION_BITS = 8,
    parameter BUFFER          = 384,
    parameter HOP_CYCLES      = 1
) (
    input  wire                                clk,
    input  wire                                reset,
    input  wire                                start,
    input  wire [BUFFER*ACTIVATION_BITS-1:0]   activations,
    output wire                                out_valid,
    output wire                                out_first,
    output wire                                out_last,
    output wire [SEGMENTS*ACTIVATION_BITS-1:0] out_activations
);
    localparam ROW_BITS = $clog2(ROWS + 1);
    localparam [ROW_BITS-1:0] ONE  = 1;
    localparam [31:0]         LAST = ROWS - 1;

    reg                 running;
    reg  [ROW_BITS-1:0] next;
    wire [ROW_BITS-1:0] row   = running ? next : {ROW_BITS{1'b0}};
    wire                valid = start | running;
    wire                last  = row == LAST[ROW_BITS-1:0];
    always @(posedge clk) begin
        running <= ~reset & valid & ~last;
        next    <= row + ONE;
    end

    wire [SEGMENTS*ACTIVATION_BITS-1:0] picked;
    genvar s;
    generate
        for (s = 0; s < SEGMENTS; s = s + 1) begin : segment
            wire [31:0] place = s * BANK_ROWS + {{(32-ROW_BITS){1'b0}}, row};
            assign picked[s*ACTIVATION_BITS +: ACTIVATION_BITS] =
                valid && place < INPUTS ? activations[place*ACTIVATION_BITS +: ACTIVATION_BITS] : {ACTIVATION_BITS{1'b0}};
        end
    endgenerate

    delay #(.WIDTH(3), .CYCLES(HOP_CYCLES)) flags (
        .clk(clk), .reset(reset), .in({valid, start, valid & last}), .out({out_valid, out_first, out_last}));
    delay #(.WIDTH(SEGMENTS*ACTIVATION_BITS), .CYCLES(HOP_CYCLES)) rows (.clk(clk), .reset(1'b0), .in(picked), .out(out_activations));
endmodule
