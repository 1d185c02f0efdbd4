// The links that join a region's network to its vector cluster. STREAMS of beats come in, at most LINKS beats a cycle go on, in
// turn; those that wait are in queues. A beat may pass in the cycle in which it comes. The beats of a stream keep their order and
// are numbered from 0 since clear.
module ingress #(
    parameter STREAMS   = 4,
    parameter LINKS     = 2,
    parameter DEPTH     = 8,
    parameter BEAT_BITS = 512
) (
    input  wire                         clk,
    input  wire                         clear,
    input  wire [STREAMS-1:0]           in_valid,
    input  wire [STREAMS*BEAT_BITS-1:0] in_data,
    output reg  [LINKS-1:0]             out_valid,
    output reg  [LINKS*16-1:0]          out_stream,
    output reg  [LINKS*16-1:0]          out_beat,
    output wire [LINKS*BEAT_BITS-1:0]   out_data,
    // Beats that have passed since clear.
    output reg  [15:0]                  passed
);
    localparam PLACE_BITS = STREAMS * DEPTH > 1 ? $clog2(STREAMS * DEPTH) : 1;
    reg [BEAT_BITS-1:0] queue [0:STREAMS*DEPTH-1];
    // Beats of each stream that have come and gone.
    reg [STREAMS*16-1:0] came;
    reg [STREAMS*16-1:0] went;
    reg [STREAMS-1:0]   waiting;
    reg [15:0]          turn;

    // Whose beats pass in this cycle: from the stream whose turn it is on, those that have one.
    reg [STREAMS-1:0] pass;
    reg [15:0]        after;
    reg [15:0]        count;
    integer i, s, link;
    always @* begin
        out_valid  = {LINKS{1'b0}};
        out_stream = {(LINKS*16){1'b0}};
        out_beat   = {(LINKS*16){1'b0}};
        pass       = {STREAMS{1'b0}};
        after      = turn;
        count      = 16'd0;
        link       = 0;
        s          = {16'b0, turn};
        if (|in_valid || |waiting)
            for (i = 0; i < STREAMS; i = i + 1) begin
                if (link < LINKS && (in_valid[s] || waiting[s])) begin
                    out_valid[link]           = 1'b1;
                    out_stream[link*16 +: 16] = s[15:0];
                    out_beat[link*16 +: 16]   = went[s*16 +: 16];
                    pass[s] = 1'b1;
                    count   = count + 16'd1;
                    link    = link + 1;
                    after   = s == STREAMS - 1 ? 16'd0 : s[15:0] + 16'd1;
                end
                s = s == STREAMS - 1 ? 0 : s + 1;
            end
    end

    // The beats themselves: from the queue when one waits, else as it comes.
    genvar n;
    generate
        for (n = 0; n < LINKS; n = n + 1) begin : links
            wire [31:0] stream = {16'b0, out_stream[n*16 +: 16]};
            wire [31:0] place  = stream * DEPTH + {16'b0, out_beat[n*16 +: 16]};
            assign out_data[n*BEAT_BITS +: BEAT_BITS] =
                ~out_valid[n] ? {BEAT_BITS{1'b0}}
                : waiting[stream] ? queue[place[PLACE_BITS-1:0]]
                : in_data[stream*BEAT_BITS +: BEAT_BITS];
            wire unused = &{1'b0, place};
        end
    endgenerate

    integer k;
    always @(posedge clk) begin
        turn   <= clear ? 16'd0 : after;
        passed <= clear ? 16'd0 : passed + count;
        if (clear) begin
            waiting <= {STREAMS{1'b0}};
            came    <= {STREAMS{16'd0}};
            went    <= {STREAMS{16'd0}};
        end else if (|in_valid || |waiting)
            for (k = 0; k < STREAMS; k = k + 1) begin
                if (in_valid[k])
                    came[k*16 +: 16] <= came[k*16 +: 16] + 16'd1;
                if (pass[k])
                    went[k*16 +: 16] <= went[k*16 +: 16] + 16'd1;
                waiting[k] <= came[k*16 +: 16] + {15'b0, in_valid[k]} != went[k*16 +: 16] + {15'b0, pass[k]};
            end
    end
    generate
        for (n = 0; n < STREAMS; n = n + 1) begin : streams
            wire [31:0] place = n * DEPTH + {16'b0, came[n*16 +: 16]};
            // What passes at once needs no place.
            always @(posedge clk)
                if (in_valid[n] & (waiting[n] | ~pass[n]))
                    queue[place[PLACE_BITS-1:0]] <= in_data[n*BEAT_BITS +: BEAT_BITS];
            wire unused = &{1'b0, place};
        end
    endgenerate
endmodule
