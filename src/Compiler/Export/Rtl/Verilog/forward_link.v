// The way from one vector cluster to the next: BEATS beats, one a cycle, through HOP_CYCLES registers. Beat 0 leaves in the cycle
// of start.
module forward_link #(
    parameter BEATS      = 2,
    parameter BEAT_BITS  = 2048,
    parameter HOP_CYCLES = 4
) (
    input  wire                 clk,
    input  wire                 reset,
    input  wire                 start,
    output wire                 in_take,
    output wire [15:0]          in_beat,
    input  wire [BEAT_BITS-1:0] in_data,
    output wire                 out_valid,
    output wire [15:0]          out_beat,
    output wire [BEAT_BITS-1:0] out_data,
    output wire                 done
);
    localparam [15:0] LAST = BEATS - 1;
    reg        running;
    reg [15:0] next;
    assign in_take = start | running;
    assign in_beat = running ? next : 16'd0;
    always @(posedge clk) begin
        running <= ~reset & in_take & (in_beat != LAST);
        next    <= in_beat + 16'd1;
    end
    wire out_last;
    delay #(.WIDTH(2), .CYCLES(HOP_CYCLES)) flags (
        .clk(clk), .reset(reset), .in({in_take, in_take & (in_beat == LAST)}), .out({out_valid, out_last}));
    delay #(.WIDTH(16 + BEAT_BITS), .CYCLES(HOP_CYCLES)) data (
        .clk(clk), .reset(1'b0), .in({in_beat, in_data}), .out({out_beat, out_data}));
    // The last beat is in the cluster's registers in the cycle after it came.
    delay #(.WIDTH(1), .CYCLES(1)) done_line (.clk(clk), .reset(reset), .in(out_last), .out(done));
endmodule
