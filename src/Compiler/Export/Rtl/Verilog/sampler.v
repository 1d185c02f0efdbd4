// Greedy sampler: the largest of all logits, the lower token of equal ones. LANES logits come in a cycle, go through a tree of
// comparators, one level a cycle, and meet the best so far; the answer is there PIPELINE_CYCLES cycles after the cycle behind the
// last logits. Logits are binary32 and finite.
module sampler #(
    parameter LANES           = 64,
    parameter PIPELINE_CYCLES = 12
) (
    input  wire                clk,
    input  wire                reset,
    // No logit of this token has come yet.
    input  wire                clear,
    input  wire [LANES-1:0]    in_valid,
    input  wire [LANES*32-1:0] in_logits,
    input  wire [LANES*16-1:0] in_tokens,
    // These are the last.
    input  wire                in_last,
    output wire                out_valid,
    output wire [15:0]         out_token
);
    localparam LEVELS = $clog2(LANES);
    // Valid, order, token.
    localparam ENTRY = 1 + 32 + 16;

    genvar l, n;
    generate
        for (l = 0; l <= LEVELS; l = l + 1) begin : level
            localparam NODES = (LANES + (1 << l) - 1) >> l;
            wire [NODES*ENTRY-1:0] best;
            for (n = 0; n < NODES; n = n + 1) begin : node
                if (l == 0) begin : input_order
                    // A number that orders as the float does; both zeros are equal.
                    wire [31:0] bits  = in_logits[n*32 +: 32];
                    wire [31:0] order = bits[31] ? (bits[30:0] == 31'd0 ? 32'h80000000 : ~bits) : {1'b1, bits[30:0]};
                    assign best[n*ENTRY +: ENTRY] = {in_valid[n], order, in_tokens[n*16 +: 16]};
                end else begin : compare
                    localparam BELOW = (LANES + (1 << (l - 1)) - 1) >> (l - 1);
                    reg [ENTRY-1:0] kept;
                    wire [ENTRY-1:0] a = level[l-1].best[2*n*ENTRY +: ENTRY];
                    if (2 * n + 1 < BELOW) begin : pair
                        wire [ENTRY-1:0] b = level[l-1].best[(2*n+1)*ENTRY +: ENTRY];
                        wire b_wins = b[ENTRY-1:16] > a[ENTRY-1:16] || (b[ENTRY-1:16] == a[ENTRY-1:16] && b[15:0] < a[15:0]);
                        always @(posedge clk)
                            kept <= b_wins ? b : a;
                    end else begin : single
                        always @(posedge clk)
                            kept <= a;
                    end
                    assign best[n*ENTRY +: ENTRY] = kept;
                end
            end
        end
    endgenerate

    // The best of this cycle against the best so far.
    wire [ENTRY-1:0] arrived = level[LEVELS].best;
    reg  [ENTRY-1:0] best_so_far;
    wire wins = arrived[ENTRY-1:16] > best_so_far[ENTRY-1:16]
        || (arrived[ENTRY-1:16] == best_so_far[ENTRY-1:16] && arrived[15:0] < best_so_far[15:0]);
    always @(posedge clk)
        if (clear)
            best_so_far <= {ENTRY{1'b0}};
        else if (arrived[ENTRY-1] & wins)
            best_so_far <= arrived;

    delay #(.WIDTH(1), .CYCLES(PIPELINE_CYCLES)) last_line (.clk(clk), .reset(reset), .in(in_last), .out(out_valid));
    assign out_token = best_so_far[15:0];
endmodule
