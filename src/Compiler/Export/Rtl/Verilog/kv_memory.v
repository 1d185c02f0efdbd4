// KV SRAM of a region: BANKS banks with one port of PORT_BITS each, and beside every word the scales of the heads that its elements
// belong to, one for each of SCALES equal parts of it. A stored vector of W words follows the one before it: word n of a matrix is in
// bank n mod BANKS at address n / BANKS, turned by half the banks for values, so that a token's key and value go in side by side. A
// read takes all banks a cycle; its data come LATENCY_CYCLES later.
module kv_memory #(
    parameter BANKS          = 2,
    parameter PORT_BITS      = 128,
    parameter DEPTH          = 2,
    parameter LATENCY_CYCLES = 4,
    parameter KEY_WORDS      = 4,
    parameter VALUE_WORDS    = 4,
    // Scales beside a word.
    parameter SCALES         = 1,
    // Addresses of one matrix (the keys or the values of a layer).
    parameter MATRIX_DEPTH   = 1
) (
    input  wire                             clk,
    input  wire                             reset,
    input  wire [15:0]                      layer,
    input  wire [15:0]                      position,
    // The vectors of one token, and the scales of every word of them.
    input  wire                             write,
    input  wire [KEY_WORDS*PORT_BITS-1:0]   key,
    input  wire [VALUE_WORDS*PORT_BITS-1:0] value,
    input  wire [KEY_WORDS*SCALES*32-1:0]   key_scales,
    input  wire [VALUE_WORDS*SCALES*32-1:0] value_scales,
    // Reads the keys (or values) of positions 0 to position, PASSES times.
    input  wire                             read,
    input  wire                             read_values,
    input  wire [15:0]                      passes,
    output wire                             out_valid,
    output wire                             out_last,
    output wire [31:0]                      out_word,
    output wire [BANKS*PORT_BITS-1:0]       out_data,
    output wire [BANKS*SCALES*32-1:0]       out_scales
);
    localparam WORD = PORT_BITS + SCALES*32;
    localparam ADDRESS_BITS = $clog2(DEPTH);

    // The one cycle of a write: every bank that a word of the key or of the value belongs to takes it.
    wire [31:0] first_key   = {16'b0, position} * KEY_WORDS;
    wire [31:0] first_value = {16'b0, position} * VALUE_WORDS;
    wire [31:0] key_base    = {16'b0, layer} * (2 * MATRIX_DEPTH);
    wire [31:0] value_base  = key_base + MATRIX_DEPTH;

    // Reading: beat by beat, pass by pass.
    reg         running;
    reg  [31:0] next_beat;
    reg  [15:0] next_pass;
    reg         values;
    wire        reading  = read | running;
    wire        of_values = read ? read_values : values;
    wire [31:0] beat     = read ? 32'd0 : next_beat;
    wire [15:0] pass     = read ? 16'd0 : next_pass;
    wire [31:0] words    = ({16'b0, position} + 32'd1) * (of_values ? VALUE_WORDS : KEY_WORDS);
    wire        last_beat = (beat + 32'd1) * BANKS >= words;
    wire        last_pass = pass + 16'd1 >= passes;
    always @(posedge clk) begin
        running   <= ~reset & reading & ~(last_beat & last_pass);
        values    <= of_values;
        next_beat <= last_beat ? 32'd0 : beat + 32'd1;
        next_pass <= last_beat ? pass + 16'd1 : pass;
    end

    // Banks in the order in which their words are in a beat: slot w of keys is bank w, slot w of values the bank half way round.
    wire [BANKS*WORD-1:0] slots;
    genvar b;
    generate
        for (b = 0; b < BANKS; b = b + 1) begin : bank
            localparam HALF = (b + BANKS / 2) % BANKS;
            reg  [WORD-1:0] words_of_bank [0:DEPTH-1];
            wire [31:0] key_word   = (b + BANKS - first_key % BANKS) % BANKS;
            wire [31:0] value_word = (HALF + BANKS - first_value % BANKS) % BANKS;
            wire        takes_key   = key_word < KEY_WORDS;
            wire        takes_value = value_word < VALUE_WORDS;
            wire [31:0] place = takes_key ? key_base + (first_key + key_word) / BANKS : value_base + (first_value + value_word) / BANKS;
            wire [31:0] read_place = (of_values ? value_base : key_base) + beat;
            reg  [WORD-1:0] read_word;
            always @(posedge clk) begin
                if (write & (takes_key | takes_value))
                    words_of_bank[place[ADDRESS_BITS-1:0]] <= takes_key
                        ? {key_scales[key_word*SCALES*32 +: SCALES*32], key[key_word*PORT_BITS +: PORT_BITS]}
                        : {value_scales[value_word*SCALES*32 +: SCALES*32], value[value_word*PORT_BITS +: PORT_BITS]};
                if (reading)
                    read_word <= words_of_bank[read_place[ADDRESS_BITS-1:0]];
            end
            assign slots[b*WORD +: WORD] = read_word;
            wire unused = &{1'b0, place, read_place, key_word, value_word};
        end
    endgenerate

    // What the reads are goes along with them.
    wire        valid1, last1, values1;
    wire [31:0] word1;
    delay #(.WIDTH(1), .CYCLES(1)) valid_line (.clk(clk), .reset(reset), .in(reading), .out(valid1));
    delay #(.WIDTH(34), .CYCLES(1)) flag_line (
        .clk(clk), .reset(1'b0), .in({last_beat & last_pass, of_values, beat * BANKS}), .out({last1, values1, word1}));

    wire [BANKS*PORT_BITS-1:0] data1;
    wire [BANKS*SCALES*32-1:0] scales1;
    generate
        for (b = 0; b < BANKS; b = b + 1) begin : slot
            localparam TURNED = (b + BANKS / 2) % BANKS;
            wire [WORD-1:0] word = values1 ? slots[TURNED*WORD +: WORD] : slots[b*WORD +: WORD];
            assign data1[b*PORT_BITS +: PORT_BITS] = word[PORT_BITS-1:0];
            assign scales1[b*SCALES*32 +: SCALES*32] = word[WORD-1:PORT_BITS];
        end
    endgenerate

    // The rest of the array's latency.
    delay #(.WIDTH(1), .CYCLES(LATENCY_CYCLES - 1)) valid_rest (.clk(clk), .reset(reset), .in(valid1), .out(out_valid));
    delay #(.WIDTH(33 + BANKS*WORD), .CYCLES(LATENCY_CYCLES - 1)) rest (
        .clk(clk), .reset(1'b0), .in({last1, word1, data1, scales1}), .out({out_last, out_word, out_data, out_scales}));
endmodule
