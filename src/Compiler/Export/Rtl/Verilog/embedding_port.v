// Reads a token's vector from the sites of the embedding: SEGMENTS of them side by side, one row a cycle, the vector's elements
// coming HOP_CYCLES behind them. Row 0 is asked for in the cycle of start; done comes in the cycle in which the whole vector is
// there.
module embedding_port #(
    parameter ROWS       = 128,
    parameter SEGMENTS   = 1,
    parameter GROUPS     = 6,
    parameter COLUMNS    = 128,
    parameter CODE_BITS  = 4,
    parameter HOP_CYCLES = 1
) (
    input  wire                                 clk,
    input  wire                                 reset,
    input  wire                                 start,
    input  wire [15:0]                          token,
    // To the sites: which group of SEGMENTS of them reads, which row, and which column they pass on.
    output wire [GROUPS-1:0]                    site_valid,
    output wire [15:0]                          site_row,
    output wire [15:0]                          site_column,
    input  wire [GROUPS*SEGMENTS-1:0]           in_valid,
    input  wire [GROUPS*SEGMENTS*CODE_BITS-1:0] in_codes,
    input  wire [GROUPS*SEGMENTS*8-1:0]         in_scales,
    output wire                                 out_valid,
    // Row of the first segment; segment s is that many banks' rows further.
    output wire [15:0]                          out_row,
    output wire [SEGMENTS*CODE_BITS-1:0]        out_codes,
    output wire [SEGMENTS*8-1:0]                out_scales,
    output wire                                 done
);
    localparam [15:0] LAST = ROWS - 1;
    localparam GROUP_BITS = GROUPS > 1 ? $clog2(GROUPS) : 1;

    wire [15:0] token_group  = token / COLUMNS;
    wire [15:0] token_column = token % COLUMNS;
    reg                   running;
    reg  [15:0]           next;
    reg  [GROUP_BITS-1:0] group;
    reg  [15:0]           column;
    wire                  reading = start | running;
    wire [GROUP_BITS-1:0] chosen  = start ? token_group[GROUP_BITS-1:0] : group;
    assign site_row    = running ? next : 16'd0;
    assign site_column = column;
    genvar g;
    generate
        for (g = 0; g < GROUPS; g = g + 1) begin : groups
            localparam [31:0] NUMBER = g;
            assign site_valid[g] = reading & (chosen == NUMBER[GROUP_BITS-1:0]);
        end
    endgenerate

    wire arrives = in_valid[group*SEGMENTS];
    reg [15:0] arrived;
    always @(posedge clk) begin
        running <= ~reset & reading & (site_row != LAST);
        next    <= site_row + 16'd1;
        if (start) begin
            group  <= token_group[GROUP_BITS-1:0];
            column <= token_column;
        end
        arrived <= start ? 16'd0 : arrives ? arrived + 16'd1 : arrived;
    end

    delay #(.WIDTH(1), .CYCLES(HOP_CYCLES)) valid_line (.clk(clk), .reset(reset), .in(arrives), .out(out_valid));
    delay #(.WIDTH(16 + SEGMENTS*(CODE_BITS+8)), .CYCLES(HOP_CYCLES)) hops (
        .clk(clk), .reset(1'b0),
        .in({arrived, in_codes[group*SEGMENTS*CODE_BITS +: SEGMENTS*CODE_BITS], in_scales[group*SEGMENTS*8 +: SEGMENTS*8]}),
        .out({out_row, out_codes, out_scales}));
    delay #(.WIDTH(1), .CYCLES(1)) done_line (.clk(clk), .reset(reset), .in(out_valid & (out_row == LAST)), .out(done));

    wire unused = &{1'b0, token_group, in_valid};
endmodule
