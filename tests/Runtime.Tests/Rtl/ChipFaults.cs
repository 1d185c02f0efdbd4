using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Rtl;

/// <summary>Faults of a chip's Verilog and C++ that a run of the tiny chip must show.</summary>
internal static class ChipFaults
{
    /// <summary>Adders, products, columns, scale units, ROM.</summary>
    private static readonly RtlFault[] Banks =
    [
        new("full_adder.v", "assign carry = (a & b) | (a & c) | (b & c)", "(a & b) | (a & c) | (b & c)", "(a & b) | (a & c)"),
        new("full_adder.v", "assign carry = (a & b) | (a & c) | (b & c)", "(a & b) | (a & c) | (b & c)", "(a & b) | (b & c)"),
        new("full_adder.v", "assign carry = (a & b) | (a & c) | (b & c)", "(a & b) | (a & c) | (b & c)", "(a & c) | (b & c)"),
        new("full_adder.v", "assign sum   = a ^ b ^ c", "a ^ b ^ c", "a ^ b"),
        new("full_adder.v", "assign sum   = a ^ b ^ c", "a ^ b ^ c", "b ^ c"),
        new("full_adder.v", "assign sum   = a ^ b ^ c", "a ^ b ^ c", "a ^ c"),
        new("ripple_adder.v", "assign from = carry_in;", "carry_in", "1'b0"),
        new("ripple_adder.v", "assign carry_out = place[WIDTH-1].to;", "place[WIDTH-1].to", "1'b0"),
        new("code_decoder.v", "^ {(CODE_BITS-1){code[CODE_BITS-1]}}", "{(CODE_BITS-1){code[CODE_BITS-1]}}", "{(CODE_BITS-1){1'b0}}"),
        new("column.v", ".carry_in(negative & even)", "negative & even", "negative"),
        new("column.v", "so_far = sum & {SUM_BITS{~block_start}}", "~block_start", "1'b1"),
        new("column.v", "assign addend = picked ^ {PRODUCT_BITS{negative}}", "picked ^ {PRODUCT_BITS{negative}}", "picked"),
        new("column.v", "so_far[SUM_BITS-1:PRODUCT_BITS] + {{(BLOCK", "so_far[SUM_BITS-1:PRODUCT_BITS]", "{BLOCK_ROWS_LOG2{1'b0}}"),
        new("column.v", "if (hold)", "hold", "1'b1"),
        new("products.v", "even  <= ~activation[0]", "~activation[0]", "1'b1"),
        new("products.v", ".b(whole << TOP)", "whole << TOP", "whole"),
        new("products.v", "assign h = {whole[PRODUCT_BITS-1], whole", "whole[PRODUCT_BITS-1]", "1'b0"),
        new("products.v", "= {~h[PRODUCT_BITS-1], h", "~h[PRODUCT_BITS-1]", "h[PRODUCT_BITS-1]"),
        new("scale_unit.v", ".b(~excess), .carry_in(1'b1)", "1'b1", "1'b0"),
        new("scale_unit.v", ".b(~excess)", "~excess", "{SUM_BITS{1'b1}}"),
        new("scale_unit.v", "kept = accumulator & {ACCUMULATOR_BITS{~vector_start}}", "~vector_start", "1'b1"),
        new("scale_unit.v", "partial = block_sum & {SUM_BITS{scale[i]}}", "scale[i]", "scale[0]"),
        new("scale_unit.v", "{(TOTAL_BITS-SCALED_BITS){scaled[SCALED_BITS-1]}}", "scaled[SCALED_BITS-1]", "1'b0"),
        new("bank.v", "line_so_far = line_sum & {SUM_BITS{~starts2}}", "~starts2", "1'b1"),
        new("bank.v", ".in(~|block3)", "~|block3", "1'b0"),
        new("bank.v", "row = next_row & {COUNT_BITS{~first}}", "~first", "1'b1"),
        new("rom.v", "codes  <= code_rows[row]", "code_rows[row]", "code_rows[0]"),
        new("rom.v", "if (turn[c % SCALE_COLUMNS])", "turn[c % SCALE_COLUMNS]", "turn[0]"),
        new("collect.v", "assign out       = {in, kept}", "{in, kept}", "{kept, in}"),
    ];

    /// <summary>Sites, trees, links between banks and lanes.</summary>
    private static readonly RtlFault[] Links =
    [
        new("site.v", "beat  = sending ? next : 16'd0", "sending ? next : 16'd0", "16'd0"),
        new("site.v", "(beat != last_beat)", "beat != last_beat", "beat + 16'd1 != last_beat"),
        new("site.v", "{narrow[(c+1)*ACCUMULATOR_BITS-1]}", "narrow[(c+1)*ACCUMULATOR_BITS-1]", "1'b0"),
        new(
            "reduce_node.v",
            "+ {b[TOP], b[TOP -: PARTIAL_SUM_BITS]}",
            "{b[TOP], b[TOP -: PARTIAL_SUM_BITS]}",
            "{(PARTIAL_SUM_BITS+1){1'b0}}"
        ),
        new(
            "reduction_tree.v",
            ".a(level[l-1].sums[2*n*WIDTH +: WIDTH])",
            "level[l-1].sums[2*n*WIDTH +: WIDTH]",
            "level[l-1].sums[(2*n+1)*WIDTH +: WIDTH]"
        ),
        new(
            "row_stream.v",
            "? activations[place*ACTIVATION_BITS",
            "activations[place*ACTIVATION_BITS +: ACTIVATION_BITS]",
            "activations[0 +: ACTIVATION_BITS]"
        ),
        new("row_stream.v", "valid && place < INPUTS", "place < INPUTS", "place < INPUTS - 1"),
        new("row_stream.v", ".in({valid, start, valid & last})", "start", "1'b0"),
        new("row_stream.v", "place = s * BANK_ROWS", "s * BANK_ROWS", "0"),
        new("ingress.v", "= went[s*16 +: 16];", "went[s*16 +: 16]", "16'd0"),
        new("ingress.v", "out_stream[link*16 +: 16] = s[15:0]", "s[15:0]", "16'd0"),
        new("ingress.v", ": waiting[stream] ? queue", "waiting[stream]", "1'b0"),
        new("ingress.v", "passed + count", "count", "16'd1"),
        new("forward_link.v", ".in({in_take, in_take &", "in_take", "1'b0"),
        new("forward_link.v", "in_beat = running ? next : 16'd0", "running ? next : 16'd0", "16'd0"),
        new("forward_link.v", ".in({in_beat, in_data})", "in_data", "in_data & ~{{(BEAT_BITS-1){1'b0}}, 1'b1}"),
        new("forward_link.v", ".in({in_beat, in_data})", "in_beat", "in_beat ^ 16'd1"),
        new("chip.v", "passed[kept[15:8]*16 +: 16] == kept", "kept[15:8]*16", "0"),
        new(
            "chip.v",
            "beat_data[FIRST*BEAT_BITS +: OWN*BEAT_BITS]",
            "beat_data[FIRST*BEAT_BITS +: OWN*BEAT_BITS]",
            "beat_data[0 +: OWN*BEAT_BITS]"
        ),
        new("chip.v", ".read_values(operation == VALUES)", "operation == VALUES", "1'b0"),
        new("chip_ports.vh", "_row[1*ACTIVATION_BITS +: ACTIVATION_BITS]", "1*ACTIVATION_BITS", "0"),
        new("chip_ports.vh", "activations[1*BUFFER_BITS +: BUFFER_BITS]", "1*BUFFER_BITS", "0"),
        new("chip_ports.vh", ".last_beat(16'd3)", "16'd3", "16'd2"),
        new("chip_ports.vh", "starts_product & ports[4]", "ports[4]", "ports[3]"),
    ];

    /// <summary>Embedding, KV memory, sampler, sequencer, lanes.</summary>
    private static readonly RtlFault[] Units =
    [
        new("embedding_port.v", "token_column = token % COLUMNS", "token % COLUMNS", "token % (COLUMNS / 2)"),
        new("embedding_port.v", "token_group  = token / COLUMNS", "token / COLUMNS", "0"),
        new("embedding_site.v", "code  <= codes[column*CODE_BITS +: CODE_BITS]", "column*CODE_BITS", "0"),
        new("embedding_site.v", "turn = {{(COLUMNS-1){1'b0}}, 1'b1} << column", "{{(COLUMNS-1){1'b0}}, 1'b1} << column", "{COLUMNS{1'b0}}"),
        new("kv_memory.v", "value_base  = key_base + MATRIX_DEPTH", "key_base + MATRIX_DEPTH", "key_base"),
        new(
            "kv_memory.v",
            "? {key_scales[key_word*SCALES*32 +: SCALES*32], key[",
            "key_scales[key_word*SCALES*32 +: SCALES*32]",
            "{SCALES{32'h3f800000}}"
        ),
        new(
            "kv_memory.v",
            ": {value_scales[value_word*SCALES*32 +: SCALES*32], value[",
            "value[value_word*PORT_BITS +: PORT_BITS]",
            "{PORT_BITS{1'b0}}"
        ),
        new("kv_memory.v", "first_key   = {16'b0, position} * KEY_WORDS", "{16'b0, position}", "32'd0"),
        new("kv_memory.v", "word = values1 ? slots", "values1", "1'b0"),
        new("sampler.v", "b_wins = b[ENTRY-1:16] > a[ENTRY-1:16]", "b[ENTRY-1:16] > a[ENTRY-1:16]", "b[ENTRY-1:16] < a[ENTRY-1:16]"),
        new(
            "sampler.v",
            "wins = arrived[ENTRY-1:16] > best_so_far[ENTRY-1:16]",
            "arrived[ENTRY-1:16] > best_so_far[ENTRY-1:16]",
            "arrived[ENTRY-1:16] < best_so_far[ENTRY-1:16]"
        ),
        new("sampler.v", ": {1'b1, bits[30:0]};", "1'b1", "1'b0"),
        new("sequencer.v", "position_kept + 16'd1", "position_kept + 16'd1", "position_kept"),
        new("sequencer.v", "goes_on ? sampled_token", "sampled_token", "token_kept"),
        new("sequencer.v", "(answers + 16'd1 != limit)", "answers + 16'd1", "answers"),
        new(
            "vector_unit.v",
            "activations[i*ACTIVATION_BITS +: ACTIVATION_BITS] <= index",
            "index[ACTIVATION_BITS-1:0]",
            "index[ACTIVATION_BITS-1:0] & ~1"
        ),
        new(
            "vector_unit.v",
            "index = {16'b0, sums_beat[link*16 +: 16]} * LINK_SUMS + i",
            "{16'b0, sums_beat[link*16 +: 16]} * LINK_SUMS + i",
            "{16'b0, sums_beat[link*16 +: 16]} * LINK_SUMS"
        ),
        new("vector_unit.v", "{sums[(link*LINK_SUMS+i+1)*SUM_BITS-1]}", "sums[(link*LINK_SUMS+i+1)*SUM_BITS-1]", "1'b0"),
        new("vector_unit.v", "{embedding_codes[(i+1)*CODE_BITS-1]}", "embedding_codes[(i+1)*CODE_BITS-1]", "1'b0"),
        new("vector_unit.v", "(forward_valid)", "forward_valid", "1'b0"),
    ];

    /// <summary>The arithmetic of the lanes.</summary>
    private static readonly RtlFault[] Lanes =
    [
        new("vector_model.cpp", "std::sqrt(mean + EPSILON)", "mean + EPSILON", "mean"),
        new("vector_model.cpp", "s.count) / ACTIVATION_LIMIT", "ACTIVATION_LIMIT", "ACTIVATION_LIMIT + 1"),
        new("vector_model.cpp", "theta *= step;", "step", "1.0f"),
        new("vector_model.cpp", "theta = (float)now", "(float)now", "0.0f"),
        new("vector_model.cpp", "p[j] *= ATTENTION_SCALE", "ATTENTION_SCALE", "1.0f"),
        new("vector_model.cpp", "first, size) / KV_LIMIT", "KV_LIMIT", "KV_LIMIT + 1"),
        new("vector_model.cpp", "(1 + std::exp(-g[i])) * u[i]", "-g[i]", "g[i]"),
        new("vector_model.cpp", "value[s.a][j] + value[s.b][j]", "value[s.b][j]", "-value[s.b][j]"),
        new("vector_model.cpp", "rom[s.scales + output]", "s.scales + output", "s.scales"),
        new("vector_model.cpp", "rom[EMBEDDING_SCALES + token]", "EMBEDDING_SCALES + token", "EMBEDDING_SCALES"),
        new("vector_model.cpp", "p[j] * element(1, j, first + i)", "first + i", "first"),
    ];

    /// <summary>All of them; their numbers in a run begin with 1.</summary>
    public static IReadOnlyList<RtlFault> All { get; } = [.. Banks, .. Links, .. Units, .. Lanes];
}
