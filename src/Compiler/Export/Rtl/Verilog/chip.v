// A whole chip: the sequencer, the sites with their trees, the embedding, and for every region the links, the vector cluster and the KV
// memory; the sampler. The compiler writes two files for it: chip_parameters.vh, the sizes, and chip_ports.vh, the sites of every
// matrix, wired as the straps of the dataflow layer say.
module chip (
    input  wire        clk,
    input  wire        reset,
    input  wire        prompt_valid,
    input  wire [15:0] prompt_token,
    input  wire        prompt_last,
    output wire        prompt_ready,
    input  wire [15:0] limit,
    output wire        answer_valid,
    output wire [15:0] answer_token,
    output wire        finished
);
`include "chip_parameters.vh"
    localparam BEAT_BITS    = LINK_SUMS * PARTIAL_SUM_BITS;
    localparam BUFFER_BITS  = BUFFER * ACTIVATION_BITS;
    localparam FORWARD_BITS = FORWARD_WORDS * 32;
    localparam LINKED       = LINKS * LINK_SUMS;
    // Numbers of the operations; see ChipOperation.
    localparam [3:0] VECTOR = 0, PRODUCT = 1, KV_WRITE = 2, SCORES = 3, VALUES = 4, FORWARD = 5, EMBEDDING = 6, SAMPLE = 7;

    // Controller.
    wire        issue;
    wire        unit_done;
    wire [15:0] position;
    wire [15:0] token;
    wire [15:0] sampled_token;
    wire        sampled;
    wire        embedding_done;
    wire [127+PORTS:0] issued;
    sequencer #(.LENGTH(INSTRUCTIONS), .PORTS(PORTS)) control (
        .clk(clk), .reset(reset),
        .prompt_valid(prompt_valid), .prompt_token(prompt_token), .prompt_last(prompt_last), .prompt_ready(prompt_ready),
        .limit(limit), .answer_valid(answer_valid), .answer_token(answer_token), .finished(finished),
        .unit_done(unit_done), .sampled_token(sampled_token),
        .issue(issue), .instruction(issued), .position(position), .token(token));

    // The instruction that is being executed, from the cycle of its issue on.
    reg  [127+PORTS:0] kept;
    wire [127+PORTS:0] instruction = issue ? issued : kept;
    always @(posedge clk)
        kept <= instruction;
    wire [3:0]  operation    = instruction[3:0];
    wire [7:0]  region       = instruction[15:8];
    wire [3:0]  kind         = instruction[27:24];
    wire [15:0] first_step   = instruction[47:32];
    wire [15:0] steps        = instruction[63:48];
    wire [15:0] per_position = instruction[111:96];
    wire [15:0] count        = instruction[127:112];
    wire [PORTS-1:0] ports   = instruction[127+PORTS:128];
    wire [31:0] elements     = instruction[95:64] + {16'b0, per_position} * ({16'b0, position} + 32'd1);
    wire starts_vector    = issue & operation == VECTOR;
    wire starts_product   = issue & (operation == PRODUCT | operation == SAMPLE);
    wire starts_write     = issue & operation == KV_WRITE;
    wire starts_read      = issue & (operation == SCORES | operation == VALUES);
    wire starts_forward   = issue & operation == FORWARD;
    wire starts_embedding = issue & operation == EMBEDDING;

    // A product is done when all its beats of sums have passed the links of its region.
    wire [16*REGIONS-1:0] passed;
    reg  collecting;
    wire sampling  = kept[3:0] == SAMPLE;
    wire collected = collecting & passed[kept[15:8]*16 +: 16] == kept[127:112];
    always @(posedge clk)
        collecting <= ~reset & (starts_product | (collecting & ~collected));

    // Activations of the regions, and the beats of sums that their matrices send back, one stream for each output segment.
    wire [REGIONS*BUFFER_BITS-1:0] activations;
    wire [STREAMS-1:0]             beat_valid;
    wire [STREAMS*BEAT_BITS-1:0]   beat_data;

    // The token's embedding: SEGMENTS sites side by side for every GROUP of tokens.
    wire [EMBEDDING_GROUPS-1:0]                                      embedding_site_valid;
    wire [15:0]                                                      embedding_site_row;
    wire [15:0]                                                      embedding_site_column;
    wire [EMBEDDING_GROUPS*EMBEDDING_SEGMENTS-1:0]                     embedding_read;
    wire [EMBEDDING_GROUPS*EMBEDDING_SEGMENTS*EMBEDDING_CODE_BITS-1:0] embedding_read_codes;
    wire [EMBEDDING_GROUPS*EMBEDDING_SEGMENTS*8-1:0]                   embedding_read_scales;
    wire        embedding_valid;
    wire [15:0] embedding_row;
    wire [EMBEDDING_SEGMENTS*EMBEDDING_CODE_BITS-1:0] embedding_codes;
    wire [EMBEDDING_SEGMENTS*8-1:0]                   embedding_scales;
    embedding_port #(.ROWS(EMBEDDING_ROWS), .SEGMENTS(EMBEDDING_SEGMENTS), .GROUPS(EMBEDDING_GROUPS), .COLUMNS(EMBEDDING_COLUMNS),
                     .CODE_BITS(EMBEDDING_CODE_BITS), .HOP_CYCLES(EMBEDDING_HOP_CYCLES)) embedding (
        .clk(clk), .reset(reset), .start(starts_embedding), .token(token),
        .site_valid(embedding_site_valid), .site_row(embedding_site_row), .site_column(embedding_site_column),
        .in_valid(embedding_read), .in_codes(embedding_read_codes), .in_scales(embedding_read_scales),
        .out_valid(embedding_valid), .out_row(embedding_row), .out_codes(embedding_codes), .out_scales(embedding_scales),
        .done(embedding_done));

`include "chip_ports.vh"

    // What the lanes make of the sums of the output matrix goes to the sampler.
    wire [REGIONS*LINKED-1:0]    value_valid;
    wire [REGIONS*LINKED*32-1:0] values;
    wire [REGIONS*LINKED*16-1:0] value_indices;

    // The residual stream between the regions.
    wire [REGIONS-1:0]              forward_take;
    wire [REGIONS*16-1:0]           forward_beat;
    wire [REGIONS*FORWARD_BITS-1:0] forward_data;

    wire [REGIONS-1:0] vector_done, kv_done, write_done, forward_done;
    genvar r;
    generate
        for (r = 0; r < REGIONS; r = r + 1) begin : cluster
            localparam [31:0]  NUMBER = r;
            localparam integer FIRST  = {16'b0, FIRST_STREAM_OF_REGION[r*16 +: 16]};
            localparam integer OWN    = {16'b0, STREAMS_OF_REGION[r*16 +: 16]};
            localparam integer DEPTH  = {16'b0, BEATS_OF_REGION[r*16 +: 16]};
            localparam integer SOURCE = {16'b0, SOURCE_OF_REGION[r*16 +: 16]};
            localparam integer TARGET = {16'b0, TARGET_OF_REGION[r*16 +: 16]};
            localparam [0:0]   EMBEDS = r == EMBEDDING_REGION;
            wire mine = region == NUMBER[7:0];

            wire [LINKS-1:0]           link_valid;
            wire [LINKS*16-1:0]        link_stream, link_beat;
            wire [LINKS*BEAT_BITS-1:0] link_data;
            ingress #(.STREAMS(OWN), .LINKS(LINKS), .DEPTH(DEPTH), .BEAT_BITS(BEAT_BITS)) links (
                .clk(clk), .clear(reset | (starts_product & mine)),
                .in_valid(beat_valid[FIRST +: OWN]), .in_data(beat_data[FIRST*BEAT_BITS +: OWN*BEAT_BITS]),
                .out_valid(link_valid), .out_stream(link_stream), .out_beat(link_beat), .out_data(link_data),
                .passed(passed[r*16 +: 16]));

            wire kv_valid, kv_last;
            wire [KEY_WORDS*PORT_BITS-1:0]   key;
            wire [VALUE_WORDS*PORT_BITS-1:0] value;
            wire [KEY_WORDS*KV_SCALES*32-1:0]   key_scales;
            wire [VALUE_WORDS*KV_SCALES*32-1:0] value_scales;
            wire [31:0]                      kv_word;
            wire [KV_BANKS*PORT_BITS-1:0]    kv_data;
            wire [KV_BANKS*KV_SCALES*32-1:0]    kv_scales;
            wire                             arrives;
            wire [15:0]                      in_beat;
            wire [FORWARD_BITS-1:0]          in_data;
            vector_unit #(.LANES(LANES), .PIPELINE_CYCLES(VECTOR_PIPELINE_CYCLES), .SCALAR_CYCLES(SCALAR_CYCLES), .HEAD_CYCLES(HEAD_CYCLES),
                          .LINKS(LINKS), .LINK_SUMS(LINK_SUMS), .SUM_BITS(PARTIAL_SUM_BITS), .BUFFER(BUFFER),
                          .ACTIVATION_BITS(ACTIVATION_BITS), .KV_BANKS(KV_BANKS), .PORT_BITS(PORT_BITS), .KEY_WORDS(KEY_WORDS),
                          .VALUE_WORDS(VALUE_WORDS), .SCALES(KV_SCALES), .SEGMENTS(EMBEDDING_SEGMENTS), .BANK_ROWS(EMBEDDING_BANK_ROWS),
                          .CODE_BITS(EMBEDDING_CODE_BITS), .FORWARD_WORDS(FORWARD_WORDS)) lanes (
                .clk(clk), .reset(reset), .region(NUMBER[15:0]), .start(starts_vector & mine), .kind(kind), .first_step(first_step),
                .steps(steps), .position(position), .elements(elements), .done(vector_done[r]),
                .activations(activations[r*BUFFER_BITS +: BUFFER_BITS]),
                .sums_valid(link_valid), .sums_stream(link_stream), .sums_beat(link_beat), .sums(link_data),
                .out_valid(value_valid[r*LINKED +: LINKED]), .out_values(values[r*LINKED*32 +: LINKED*32]),
                .out_indices(value_indices[r*LINKED*16 +: LINKED*16]),
                .embedding_valid(embedding_valid & EMBEDS), .token(token), .embedding_row(embedding_row),
                .embedding_codes(embedding_codes), .embedding_scales(embedding_scales),
                .key(key), .value(value), .key_scales(key_scales), .value_scales(value_scales),
                .kv_valid(kv_valid), .kv_last(kv_last), .kv_word(kv_word), .kv_data(kv_data), .kv_scales(kv_scales),
                .kv_done(kv_done[r]),
                .forward_take(forward_take[r]), .forward_beat(forward_beat[r*16 +: 16]),
                .forward_data(forward_data[r*FORWARD_BITS +: FORWARD_BITS]),
                .forward_valid(arrives), .forward_in_beat(in_beat), .forward_in_data(in_data));

            kv_memory #(.BANKS(KV_BANKS), .PORT_BITS(PORT_BITS), .DEPTH(KV_DEPTH), .LATENCY_CYCLES(KV_LATENCY_CYCLES),
                        .KEY_WORDS(KEY_WORDS), .VALUE_WORDS(VALUE_WORDS), .SCALES(KV_SCALES), .MATRIX_DEPTH(MATRIX_DEPTH)) kv (
                .clk(clk), .reset(reset), .layer(count), .position(position),
                .write(starts_write & mine), .key(key), .value(value), .key_scales(key_scales), .value_scales(value_scales),
                .read(starts_read & mine), .read_values(operation == VALUES), .passes(per_position),
                .out_valid(kv_valid), .out_last(kv_last), .out_word(kv_word), .out_data(kv_data), .out_scales(kv_scales));
            delay #(.WIDTH(1), .CYCLES(2)) written (.clk(clk), .reset(reset), .in(starts_write & mine), .out(write_done[r]));

            // The residual stream arrives from SOURCE; REGIONS means none.
            if (SOURCE < REGIONS) begin : arrival
                forward_link #(.BEATS(FORWARD_BEATS), .BEAT_BITS(FORWARD_BITS), .HOP_CYCLES(FORWARD_HOP_CYCLES)) link (
                    .clk(clk), .reset(reset), .start(starts_forward & region == SOURCE[7:0]),
                    .in_take(forward_take[SOURCE]), .in_beat(forward_beat[SOURCE*16 +: 16]),
                    .in_data(forward_data[SOURCE*FORWARD_BITS +: FORWARD_BITS]),
                    .out_valid(arrives), .out_beat(in_beat), .out_data(in_data), .done(forward_done[r]));
            end else begin : no_arrival
                assign arrives         = 1'b0;
                assign in_beat         = 16'd0;
                assign in_data         = {FORWARD_BITS{1'b0}};
                assign forward_done[r] = 1'b0;
            end
            if (TARGET >= REGIONS) begin : no_departure
                assign forward_take[r]           = 1'b0;
                assign forward_beat[r*16 +: 16]  = 16'd0;
            end
        end
    endgenerate

    sampler #(.LANES(LINKED), .PIPELINE_CYCLES(SAMPLER_PIPELINE_CYCLES)) sampling_unit (
        .clk(clk), .reset(reset), .clear(starts_product),
        .in_valid(value_valid[OUTPUT_REGION*LINKED +: LINKED]), .in_logits(values[OUTPUT_REGION*LINKED*32 +: LINKED*32]),
        .in_tokens(value_indices[OUTPUT_REGION*LINKED*16 +: LINKED*16]), .in_last(collected & sampling),
        .out_valid(sampled), .out_token(sampled_token));

    assign unit_done = embedding_done | (collected & ~sampling) | sampled | (|vector_done) | (|kv_done) | (|write_done) | (|forward_done);
    wire unused = &{1'b0, instruction[7:4], instruction[23:16], instruction[31:28], ports,
                    value_valid, values, value_indices, forward_data};
endmodule
