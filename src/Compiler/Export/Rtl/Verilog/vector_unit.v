// The vector cluster of a region. Its timing is that of the fabric: passes of LANES elements a cycle, the lanes' pipeline, the tree
// over the lanes and the scalar function unit, in the order that the kind of operation needs. What it computes is a model in C++
// (vector_model.cpp, called through DPI-C); without Verilator the arithmetic is left out and the results are zero. Not for
// synthesis.
module vector_unit #(
    parameter LANES           = 128,
    parameter PIPELINE_CYCLES = 6,
    parameter SCALAR_CYCLES   = 12,
    parameter HEAD_CYCLES     = 5,
    parameter LINKS           = 4,
    parameter LINK_SUMS       = 16,
    parameter SUM_BITS        = 32,
    parameter BUFFER          = 384,
    parameter ACTIVATION_BITS = 8,
    parameter KV_BANKS        = 32,
    parameter PORT_BITS       = 128,
    parameter KEY_WORDS       = 4,
    parameter VALUE_WORDS     = 4,
    parameter SCALES          = 1,
    parameter SEGMENTS        = 1,
    parameter BANK_ROWS       = 256,
    parameter CODE_BITS       = 4,
    parameter FORWARD_WORDS   = 64
) (
    input  wire                                clk,
    input  wire                                reset,
    input  wire [15:0]                         region,
    // An operation: its kind, the steps of the model that it stands for, and how many elements pass the lanes. The first step also names
    // what a link of the residual stream takes or brings.
    input  wire                                start,
    input  wire [3:0]                          kind,
    input  wire [15:0]                         first_step,
    input  wire [15:0]                         steps,
    input  wire [15:0]                         position,
    input  wire [31:0]                         elements,
    output wire                                done,
    // The quantised activations, for the products.
    output reg  [BUFFER*ACTIVATION_BITS-1:0]   activations,
    // Column sums from the network; what the lanes make of them goes to the sampler.
    input  wire [LINKS-1:0]                    sums_valid,
    input  wire [LINKS*16-1:0]                 sums_stream,
    input  wire [LINKS*16-1:0]                 sums_beat,
    input  wire [LINKS*LINK_SUMS*SUM_BITS-1:0] sums,
    output reg  [LINKS*LINK_SUMS-1:0]          out_valid,
    output reg  [LINKS*LINK_SUMS*32-1:0]       out_values,
    output reg  [LINKS*LINK_SUMS*16-1:0]       out_indices,
    // The token's embedding.
    input  wire                                embedding_valid,
    input  wire [15:0]                         token,
    input  wire [15:0]                         embedding_row,
    input  wire [SEGMENTS*CODE_BITS-1:0]       embedding_codes,
    input  wire [SEGMENTS*8-1:0]               embedding_scales,
    // KV memory.
    output reg  [KEY_WORDS*PORT_BITS-1:0]      key,
    output reg  [VALUE_WORDS*PORT_BITS-1:0]    value,
    output reg  [KEY_WORDS*SCALES*32-1:0]      key_scales,
    output reg  [VALUE_WORDS*SCALES*32-1:0]    value_scales,
    input  wire                                kv_valid,
    input  wire                                kv_last,
    input  wire [31:0]                         kv_word,
    input  wire [KV_BANKS*PORT_BITS-1:0]       kv_data,
    input  wire [KV_BANKS*SCALES*32-1:0]       kv_scales,
    output wire                                kv_done,
    // The way to the next cluster and from the one before.
    input  wire                                forward_take,
    input  wire [15:0]                         forward_beat,
    output reg  [FORWARD_WORDS*32-1:0]         forward_data,
    input  wire                                forward_valid,
    input  wire [15:0]                         forward_in_beat,
    input  wire [FORWARD_WORDS*32-1:0]         forward_in_data
);
    localparam [3:0] ELEMENT = 0, SCALAR = 1, NORM = 2, QUANTISE = 3, SOFTMAX = 4;

    // A pass: the elements enter LANES a cycle from the cycle of begin on; pass_end comes in the cycle behind the last.
    reg  [3:0]  doing;
    reg         second;
    wire        pulse_pipe, pulse_tree, pulse_scalar;
    wire [3:0]  now_doing = start ? kind : doing;
    wire        begin_pass = (start & kind != QUANTISE) | (pulse_scalar & (doing == QUANTISE | (doing == NORM & ~second)));
    reg         passing;
    reg  [31:0] left;
    reg  [31:0] held_elements;
    wire [31:0] pass_elements = now_doing == NORM ? (start ? elements : held_elements) >> 1 : (start ? elements : held_elements);
    wire [31:0] remaining = begin_pass ? pass_elements : left;
    wire        in_pass   = begin_pass | passing;
    wire        pass_last = in_pass & remaining <= LANES;
    reg         pass_end;
    always @(posedge clk) begin
        if (start) begin
            doing         <= kind;
            held_elements <= elements;
        end
        second   <= ~reset & ~start & (second | (pulse_scalar & doing == NORM));
        passing  <= ~reset & in_pass & ~pass_last;
        left     <= remaining - LANES;
        pass_end <= ~reset & pass_last;
    end

    // The pulse that ends a pass goes through the stages that the kind needs.
    wire into_tree   = (start & kind == QUANTISE) | (pulse_pipe & doing == NORM & ~second) | (pulse_scalar & doing == SOFTMAX);
    wire into_scalar = (pulse_pipe & (doing == SCALAR | doing == SOFTMAX)) | (pulse_tree & (doing == NORM | doing == QUANTISE));
    delay #(.WIDTH(1), .CYCLES(PIPELINE_CYCLES)) pipeline (.clk(clk), .reset(reset), .in(pass_end), .out(pulse_pipe));
    delay #(.WIDTH(1), .CYCLES($clog2(LANES))) lane_tree (.clk(clk), .reset(reset), .in(into_tree), .out(pulse_tree));
    delay #(.WIDTH(1), .CYCLES(SCALAR_CYCLES)) scalar_function (.clk(clk), .reset(reset), .in(into_scalar), .out(pulse_scalar));
    assign done = (pulse_pipe & (doing == ELEMENT | doing == QUANTISE | (doing == NORM & second)))
                | (pulse_scalar & doing == SCALAR) | (pulse_tree & doing == SOFTMAX);

    // Scores and mixes of values: the lanes' pipeline and the tree over a head behind the memory.
    delay #(.WIDTH(1), .CYCLES(PIPELINE_CYCLES + HEAD_CYCLES + 1)) kv_line (
        .clk(clk), .reset(reset), .in(kv_valid & kv_last), .out(kv_done));

`ifdef VERILATOR
    import "DPI-C" context function void taalas_run(input int region, input int first_step, input int steps, input int position);
    import "DPI-C" context function int taalas_activation(input int region, input int index);
    import "DPI-C" context function int taalas_sum(
        input int region, input int stream, input int index, input int high, input int low);
    import "DPI-C" context function int taalas_sum_index(input int region, input int stream, input int index);
    import "DPI-C" context function void taalas_embedding(
        input int region, input int token, input int row, input int code, input int scale);
    import "DPI-C" context function int taalas_kv_stored(input int region, input int values, input int index);
    import "DPI-C" context function int taalas_kv_scale(input int region, input int values, input int index);
    import "DPI-C" context function void taalas_kv_read(input int region, input int index, input int data, input int scale);
    import "DPI-C" context function int taalas_forward_out(input int region, input int step, input int index);
    import "DPI-C" context function void taalas_forward_in(input int region, input int step, input int index, input int data);
    localparam PORT_WORDS = PORT_BITS / 32;
    // Temporaries of a model, not registers.
    /* verilator lint_off BLKSEQ */
    integer i, link, index;
    reg [63:0] sum;
    reg [15:0] kv_first_step;
    reg [15:0] kv_steps;
    always @(posedge clk) begin
        if (start) begin
            taalas_run({16'b0, region}, {16'b0, first_step}, {16'b0, steps}, {16'b0, position});
            if (kind == QUANTISE)
                for (i = 0; i < BUFFER; i = i + 1) begin
                    index = taalas_activation({16'b0, region}, i);
                    activations[i*ACTIVATION_BITS +: ACTIVATION_BITS] <= index[ACTIVATION_BITS-1:0];
                end
            if (kind == ELEMENT) begin
                for (i = 0; i < KEY_WORDS * SCALES; i = i + 1)
                    key_scales[i*32 +: 32] <= taalas_kv_scale({16'b0, region}, 0, i);
                for (i = 0; i < VALUE_WORDS * SCALES; i = i + 1)
                    value_scales[i*32 +: 32] <= taalas_kv_scale({16'b0, region}, 1, i);
                for (i = 0; i < KEY_WORDS * PORT_WORDS; i = i + 1)
                    key[i*32 +: 32] <= taalas_kv_stored({16'b0, region}, 0, i);
                for (i = 0; i < VALUE_WORDS * PORT_WORDS; i = i + 1)
                    value[i*32 +: 32] <= taalas_kv_stored({16'b0, region}, 1, i);
            end
        end
        kv_first_step <= first_step;
        kv_steps      <= steps;
        out_valid <= {(LINKS*LINK_SUMS){1'b0}};
        for (link = 0; link < LINKS; link = link + 1)
            if (sums_valid[link])
                for (i = 0; i < LINK_SUMS; i = i + 1) begin
                    index = {16'b0, sums_beat[link*16 +: 16]} * LINK_SUMS + i;
                    sum   = {{(64-SUM_BITS){sums[(link*LINK_SUMS+i+1)*SUM_BITS-1]}}, sums[(link*LINK_SUMS+i)*SUM_BITS +: SUM_BITS]};
                    out_values[(link*LINK_SUMS+i)*32 +: 32] <=
                        taalas_sum({16'b0, region}, {16'b0, sums_stream[link*16 +: 16]}, index, sum[63:32], sum[31:0]);
                    index = taalas_sum_index({16'b0, region}, {16'b0, sums_stream[link*16 +: 16]}, index);
                    out_valid[link*LINK_SUMS+i] <= ~index[31];
                    out_indices[(link*LINK_SUMS+i)*16 +: 16] <= index[15:0];
                end
        if (embedding_valid)
            for (i = 0; i < SEGMENTS; i = i + 1)
                taalas_embedding({16'b0, region}, {16'b0, token}, {16'b0, embedding_row} + i * BANK_ROWS,
                                 {{(32-CODE_BITS){embedding_codes[(i+1)*CODE_BITS-1]}}, embedding_codes[i*CODE_BITS +: CODE_BITS]},
                                 {24'b0, embedding_scales[i*8 +: 8]});
        if (kv_valid) begin
            for (i = 0; i < KV_BANKS * PORT_WORDS; i = i + 1)
                taalas_kv_read({16'b0, region}, kv_word * PORT_WORDS + i, kv_data[i*32 +: 32],
                               kv_scales[i / (PORT_WORDS / SCALES) * 32 +: 32]);
            if (kv_last)
                taalas_run({16'b0, region}, {16'b0, kv_first_step}, {16'b0, kv_steps}, {16'b0, position});
        end
        if (forward_valid)
            for (i = 0; i < FORWARD_WORDS; i = i + 1)
                taalas_forward_in({16'b0, region}, {16'b0, first_step}, {16'b0, forward_in_beat} * FORWARD_WORDS + i,
                                  forward_in_data[i*32 +: 32]);
    end
    always @* begin
        forward_data = {(FORWARD_WORDS*32){1'b0}};
        if (forward_take)
            for (i = 0; i < FORWARD_WORDS; i = i + 1)
                forward_data[i*32 +: 32] =
                    taalas_forward_out({16'b0, region}, {16'b0, first_step}, {16'b0, forward_beat} * FORWARD_WORDS + i);
    end
`else
    always @(posedge clk) begin
        activations <= {(BUFFER*ACTIVATION_BITS){1'b0}};
        out_valid   <= {(LINKS*LINK_SUMS){1'b0}};
        out_values  <= {(LINKS*LINK_SUMS*32){1'b0}};
        out_indices <= {(LINKS*LINK_SUMS*16){1'b0}};
        key         <= {(KEY_WORDS*PORT_BITS){1'b0}};
        value       <= {(VALUE_WORDS*PORT_BITS){1'b0}};
        key_scales   <= {(KEY_WORDS*SCALES*32){1'b0}};
        value_scales <= {(VALUE_WORDS*SCALES*32){1'b0}};
        forward_data <= {(FORWARD_WORDS*32){1'b0}};
    end
`endif
endmodule
