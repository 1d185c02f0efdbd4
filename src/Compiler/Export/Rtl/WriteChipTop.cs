using System.Globalization;
using System.Text;
using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Writes <c>chip.v</c>: the units of a chip and the wires that the dataflow layer's straps make between them.</summary>
internal static class WriteChipTop
{
    public static string Text(ChipRtl chip, MaskImage image) => new Writer(chip, image).ToText();

    private sealed class Writer(ChipRtl chip, MaskImage image)
    {
        private readonly StringBuilder _text = new();
        private readonly ChipRtlConfig _config = chip.Config;
        private readonly int _ports = chip.Plan.Matrices.Count;
        private readonly List<string> _done = ["embedding_done", "collected & ~sampling", "sampled"];

        private MatrixPlan Output => chip.Plan.Matrices.First(p => p.Role == MatrixRole.Output);

        private MatrixPlan Embedding => chip.Plan.Matrices.FirstOrDefault(p => p.Role == MatrixRole.Embedding) ?? Output;

        private int OutputRegion => _config.RegionOfStage[^1];

        public string ToText()
        {
            Head();
            Declare();
            foreach (var port in chip.Plan.Matrices.Where(p => p.Role != MatrixRole.Embedding))
                Port(port);
            for (var region = 0; region < _config.Regions; region++)
                Region(region);
            EmbeddingUnit();
            Forward();
            Sampler();
            Line(
                $"    assign unit_done = {string.Join(" | ", _done.Select(d => d.Contains('&', StringComparison.Ordinal) ? $"({d})" : d))};"
            );
            Line("endmodule");
            return _text.ToString();
        }

        private void Head()
        {
            var (model, fabric, program) = (chip.Plan.Model, chip.Plan.Fabric, chip.Program);
            var width = 127 + _ports;
            _text.Append(
                CultureInfo.InvariantCulture,
                $$"""
                // {{model.Name}} on fabric {{fabric.Name}}: {{chip.Plan.SitesUsed}} banks, {{_config.Regions}} vector clusters of
                // {{_config.Lanes}} lanes, {{program.Instructions.Count}} instructions a token. Lint:     verilator --lint-only -Wall
                // -DROM_BY_PATH --top-module {{ExportChip.Top}} chip.vlt {{string.Join(
                    ' ',
                    ChipRtl.Files
                )}}
                // Simulate: verilator --cc --exe --build --hierarchical -Wno-fatal -DROM_BY_PATH -CFLAGS -ffp-contract=off --top-module
                // {{ExportChip.Top}} -o chip chip.vlt {{string.Join(
                    ' ',
                    ChipRtl.Files
                )}} {{RtlPrograms.VectorModel.File}} {{RtlPrograms.Main.File}}
                //           obj_dir/chip 1,2,3 16 1000000      (prompt ids, answer tokens, most cycles)
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
                    // Controller.
                    wire        issue;
                    wire        unit_done;
                    wire [15:0] position;
                    wire [15:0] token;
                    wire [15:0] sampled_token;
                    wire        sampled;
                    wire        embedding_done;
                    wire [{{width}}:0] issued;
                    sequencer #(.LENGTH({{program.Instructions.Count}}), .PORTS({{_ports}})) control (
                        .clk(clk), .reset(reset),
                        .prompt_valid(prompt_valid), .prompt_token(prompt_token), .prompt_last(prompt_last), .prompt_ready(prompt_ready),
                        .limit(limit), .answer_valid(answer_valid), .answer_token(answer_token), .finished(finished),
                        .unit_done(unit_done), .sampled_token(sampled_token),
                        .issue(issue), .instruction(issued), .position(position), .token(token));

                    // The instruction that is being executed, from the cycle of its issue on.
                    reg  [{{width}}:0] kept;
                    wire [{{width}}:0] instruction = issue ? issued : kept;
                    always @(posedge clk)
                        kept <= instruction;
                    wire [3:0]  operation   = instruction[3:0];
                    wire [7:0]  region      = instruction[15:8];
                    wire [3:0]  kind        = instruction[27:24];
                    wire [15:0] first_step  = instruction[47:32];
                    wire [15:0] steps       = instruction[63:48];
                    wire [15:0] per_position = instruction[111:96];
                    wire [15:0] count       = instruction[127:112];
                    wire [{{_ports - 1}}:0] ports = instruction[{{width}}:128];
                    wire [31:0] elements    = instruction[95:64] + {16'b0, per_position} * ({16'b0, position} + 32'd1);
                    wire starts_vector    = issue & operation == 4'd{{(int)ChipOperation.Vector}};
                    wire starts_product   = issue & (operation == 4'd{{(int)ChipOperation.Product}} | operation == 4'd{{(int)
                    ChipOperation.Sample}});
                    wire starts_write     = issue & operation == 4'd{{(int)ChipOperation.KvWrite}};
                    wire starts_read      = issue & (operation == 4'd{{(int)ChipOperation.Scores}} | operation == 4'd{{(int)
                    ChipOperation.Values}});
                    wire starts_forward   = issue & operation == 4'd{{(int)ChipOperation.Forward}};
                    wire starts_embedding = issue & operation == 4'd{{(int)ChipOperation.Embedding}};
                    wire unused = &{1'b0, instruction[7:4], instruction[23:16], instruction[31:28], starts_forward, ports};

                    // A product is done when all its beats of sums have passed the links of its region.
                    wire [{{(16 * _config.Regions) - 1}}:0] passed;
                    reg  collecting;
                    wire sampling  = kept[3:0] == 4'd{{(int)ChipOperation.Sample}};
                    wire collected = collecting & passed[kept[15:8]*16 +: 16] == kept[127:112];
                    always @(posedge clk)
                        collecting <= ~reset & (starts_product | (collecting & ~collected));

                """
            );
            Line("");
        }

        // What is used before the unit that drives it is written.
        private void Declare()
        {
            var port = Embedding;
            for (var region = 0; region < _config.Regions; region++)
                Line($"    wire [{(_config.Buffer * chip.Plan.Fabric.Numerics.ActivationBits) - 1}:0] r{region}_activations;");
            Line("    wire embedding_valid;");
            Line("    wire [15:0] embedding_row;");
            Line($"    wire [{(port.InputSegments * CodeFormats.Named(port.Format).CodeBits) - 1}:0] embedding_codes;");
            Line($"    wire [{(port.InputSegments * 8) - 1}:0] embedding_scales;");
            Line("");
        }

        private void Port(MatrixPlan port)
        {
            var (fabric, region) = (chip.Plan.Fabric, chip.Program.Instructions.First(i => i.Ports.Contains(port.Id)).Region);
            var (activation, p, segments) = (fabric.Numerics.ActivationBits, $"p{port.Id}", port.InputSegments);
            var sum = fabric.Network.PartialSumBits;
            var hops = chip.HopCycles(port);
            Line(
                $"    // {port.Name}: {port.Inputs} inputs, {port.Outputs} outputs, {port.Banks} banks, {port.Hops} hop(s) from region {region}."
            );
            Line($"    wire {p}_valid, {p}_first, {p}_last;");
            Line($"    wire [{(segments * activation) - 1}:0] {p}_row;");
            Line(
                $"    row_stream #(.ROWS({BankArithmetic.StreamRows(port.RowsPerPass, fabric.Bank.ColumnsPerScaleUnit)}), .BANK_ROWS({port.BankRows}), .SEGMENTS({segments}), .INPUTS({port.Inputs}), .ACTIVATION_BITS({activation}), .BUFFER({_config.Buffer}), .HOP_CYCLES({hops})) {p}_rows ("
            );
            Line($"        .clk(clk), .reset(reset), .start(starts_product & ports[{port.Id}]), .activations(r{region}_activations),");
            Line($"        .out_valid({p}_valid), .out_first({p}_first), .out_last({p}_last), .out_activations({p}_row));");
            for (var o = 0; o < port.OutputSegments; o++)
            {
                var beats = chip.Program.Beats(port, o);
                var width = _config.LinkSums * sum;
                Line($"    wire [{segments - 1}:0] {p}_{o}_valid;");
                Line($"    wire [{(segments * width) - 1}:0] {p}_{o}_sums;");
                for (var s = 0; s < segments; s++)
                {
                    var site = image.Site(port, s, o);
                    Line(
                        $"    site #({BankParameters(port)}, .ACTIVATION_BITS({activation}), .ACCUMULATOR_BITS({fabric.Bank.AccumulatorBits}), .PARTIAL_SUM_BITS({sum}), .SCALE_COLUMNS({fabric.Bank.ColumnsPerScaleUnit}), .LINK_SUMS({_config.LinkSums}){RomFiles(site)}) at_site_{site} ("
                    );
                    Line(
                        $"        .clk(clk), .reset(reset), .last_beat(16'd{beats - 1}), .in_valid({p}_valid), .in_first({p}_first), .in_last({p}_last), .in_activation({p}_row[{s * activation} +: {activation}]),"
                    );
                    Line($"        .out_valid({p}_{o}_valid[{s}]), .out_sums({p}_{o}_sums[{s * width} +: {width}]));");
                }

                Line($"    wire {p}_{o}_beat;");
                Line($"    wire [{width - 1}:0] {p}_{o}_data;");
                Line(
                    $"    collector #(.SEGMENTS({segments}), .LINK_SUMS({_config.LinkSums}), .PARTIAL_SUM_BITS({sum}), .REDUCTION_CYCLES({fabric.Network.ReductionCyclesPerLevel}), .HOP_CYCLES({hops})) {p}_{o}_tree ("
                );
                Line(
                    $"        .clk(clk), .reset(reset), .in_valid({p}_{o}_valid), .in_sums({p}_{o}_sums), .out_valid({p}_{o}_beat), .out_sums({p}_{o}_data));"
                );
            }

            Line("");
        }

        private string BankParameters(MatrixPlan port) =>
            $".ROWS({port.BankRows}), .COLUMNS({port.BankColumns}), .CODE_BITS({CodeFormats.Named(port.Format).CodeBits}), .PIPELINE_CYCLES({chip.Plan.Fabric.Bank.PipelineCycles})";

        // Where contents go by the path of the instance, all sites share one module.
        private static string RomFiles(int site) =>
            $" `ifndef ROM_BY_PATH\n        , .CODES_FILE(\"site_{site}.codes.hex\"), .SCALES_FILE(\"site_{site}.scales.hex\")\n    `endif\n    ";

        private void Region(int region)
        {
            var fabric = chip.Plan.Fabric;
            var r = $"r{region}";
            var streams = chip.Streams(region).ToArray();
            var sum = fabric.Network.PartialSumBits;
            var beat = _config.LinkSums * sum;
            var portBits = fabric.KvSram.PortBytes * 8;
            var forwardWords = ForwardWords();
            var embeds = region == _config.RegionOfStage[0];
            var embedding = Embedding;
            Line($"    // Region {region}: links, vector cluster, KV memory.");
            Line($"    wire [{_config.Links - 1}:0] {r}_link_valid;");
            Line($"    wire [{(_config.Links * 16) - 1}:0] {r}_link_stream, {r}_link_beat;");
            Line($"    wire [{(_config.Links * beat) - 1}:0] {r}_link_data;");
            Line(
                $"    ingress #(.STREAMS({streams.Length}), .LINKS({_config.Links}), .DEPTH({streams.Max(s => chip.Program.Beats(s.Port, s.OutputSegment))}), .BEAT_BITS({beat})) {r}_links ("
            );
            Line($"        .clk(clk), .clear(reset | (starts_product & region == 8'd{region})),");
            Line($"        .in_valid({{{string.Join(", ", streams.Reverse().Select(s => $"p{s.Port.Id}_{s.OutputSegment}_beat"))}}}),");
            Line($"        .in_data({{{string.Join(", ", streams.Reverse().Select(s => $"p{s.Port.Id}_{s.OutputSegment}_data"))}}}),");
            Line(
                $"        .out_valid({r}_link_valid), .out_stream({r}_link_stream), .out_beat({r}_link_beat), .out_data({r}_link_data), .passed(passed[{region * 16} +: 16]));"
            );
            Line($"    wire {r}_done, {r}_kv_done, {r}_write_done, {r}_kv_valid, {r}_kv_last;");
            Line($"    wire [{(_config.Links * _config.LinkSums) - 1}:0] {r}_value_valid;");
            Line($"    wire [{(_config.Links * _config.LinkSums * 32) - 1}:0] {r}_values;");
            Line($"    wire [{(_config.Links * _config.LinkSums * 16) - 1}:0] {r}_value_indices;");
            Line($"    wire [{(_config.KeyWords * portBits) - 1}:0] {r}_key;");
            Line($"    wire [{(_config.ValueWords * portBits) - 1}:0] {r}_value;");
            Line($"    wire [31:0] {r}_key_scale, {r}_value_scale, {r}_kv_word;");
            Line($"    wire [{(_config.KvBanks * portBits) - 1}:0] {r}_kv_data;");
            Line($"    wire [{(_config.KvBanks * 32) - 1}:0] {r}_kv_scales;");
            Line($"    wire {r}_take, {r}_arrives;");
            Line($"    wire [15:0] {r}_out_beat, {r}_in_beat;");
            Line($"    wire [{(forwardWords * 32) - 1}:0] {r}_out_data, {r}_in_data;");
            Line(
                $"    vector_unit #(.LANES({_config.Lanes}), .PIPELINE_CYCLES({fabric.Vector.PipelineCycles}), .SCALAR_CYCLES({fabric.Vector.ScalarFunctionCycles}), .HEAD_CYCLES({Log2(chip.Plan.Model.HeadSize)}),"
            );
            Line(
                $"                  .LINKS({_config.Links}), .LINK_SUMS({_config.LinkSums}), .SUM_BITS({sum}), .BUFFER({_config.Buffer}), .ACTIVATION_BITS({fabric.Numerics.ActivationBits}), .KV_BANKS({_config.KvBanks}), .PORT_BITS({portBits}),"
            );
            Line(
                $"                  .KEY_WORDS({_config.KeyWords}), .VALUE_WORDS({_config.ValueWords}), .SEGMENTS({embedding.InputSegments}), .BANK_ROWS({embedding.BankRows}), .CODE_BITS({CodeFormats.Named(embedding.Format).CodeBits}), .FORWARD_WORDS({forwardWords})) {r}_vector ("
            );
            Line(
                $"        .clk(clk), .reset(reset), .region(16'd{region}), .start(starts_vector & region == 8'd{region}), .kind(kind), .first_step(first_step), .steps(steps), .position(position), .elements(elements), .done({r}_done),"
            );
            Line(
                $"        .activations({r}_activations), .sums_valid({r}_link_valid), .sums_stream({r}_link_stream), .sums_beat({r}_link_beat), .sums({r}_link_data),"
            );
            Line($"        .out_valid({r}_value_valid), .out_values({r}_values), .out_indices({r}_value_indices),");
            Line(
                embeds
                    ? "        .embedding_valid(embedding_valid), .token(token), .embedding_row(embedding_row), .embedding_codes(embedding_codes), .embedding_scales(embedding_scales),"
                    : $"        .embedding_valid(1'b0), .token(16'd0), .embedding_row(16'd0), .embedding_codes({embedding.InputSegments * CodeFormats.Named(embedding.Format).CodeBits}'d0), .embedding_scales({embedding.InputSegments * 8}'d0),"
            );
            Line($"        .key({r}_key), .value({r}_value), .key_scale({r}_key_scale), .value_scale({r}_value_scale),");
            Line(
                $"        .kv_valid({r}_kv_valid), .kv_last({r}_kv_last), .kv_word({r}_kv_word), .kv_data({r}_kv_data), .kv_scales({r}_kv_scales), .kv_done({r}_kv_done),"
            );
            Line(
                $"        .forward_take({r}_take), .forward_beat({r}_out_beat), .forward_data({r}_out_data), .forward_valid({r}_arrives), .forward_in_beat({r}_in_beat), .forward_in_data({r}_in_data));"
            );
            Line(
                $"    kv_memory #(.BANKS({_config.KvBanks}), .PORT_BITS({portBits}), .DEPTH({_config.KvDepth}), .LATENCY_CYCLES({fabric.KvSram.LatencyCycles}), .KEY_WORDS({_config.KeyWords}), .VALUE_WORDS({_config.ValueWords}), .MATRIX_DEPTH({_config.MatrixDepth})) {r}_kv ("
            );
            Line($"        .clk(clk), .reset(reset), .layer(count), .position(position),");
            Line(
                $"        .write(starts_write & region == 8'd{region}), .key({r}_key), .value({r}_value), .key_scale({r}_key_scale), .value_scale({r}_value_scale),"
            );
            Line(
                $"        .read(starts_read & region == 8'd{region}), .read_values(operation == 4'd{(int)ChipOperation.Values}), .passes(per_position),"
            );
            Line(
                $"        .out_valid({r}_kv_valid), .out_last({r}_kv_last), .out_word({r}_kv_word), .out_data({r}_kv_data), .out_scales({r}_kv_scales));"
            );
            Line(
                $"    delay #(.WIDTH(1), .CYCLES(2)) {r}_written (.clk(clk), .reset(reset), .in(starts_write & region == 8'd{region}), .out({r}_write_done));"
            );
            if (region != OutputRegion)
                Line($"    wire {r}_unused = &{{1'b0, {r}_value_valid, {r}_values, {r}_value_indices}};");
            Line("");
            _done.AddRange([$"{r}_done", $"{r}_kv_done", $"{r}_write_done"]);
        }

        private int ForwardWords() => _config.Links * chip.Plan.Fabric.Network.LinkBits / 32;

        private void EmbeddingUnit()
        {
            var port = Embedding;
            var (codeBits, segments, groups) = (CodeFormats.Named(port.Format).CodeBits, port.InputSegments, port.OutputSegments);
            var tied = port.Role == MatrixRole.Output;
            Line(
                $"    // {port.Name} as the embedding{(tied ? ": the read port of the output matrix's sites; on the chip they share the array" : "")}."
            );
            Line($"    wire [{groups - 1}:0] embedding_site_valid;");
            Line("    wire [15:0] embedding_site_row, embedding_site_column;");
            Line($"    wire [{(groups * segments) - 1}:0] embedding_read;");
            Line($"    wire [{(groups * segments * codeBits) - 1}:0] embedding_read_codes;");
            Line($"    wire [{(groups * segments * 8) - 1}:0] embedding_read_scales;");
            for (var o = 0; o < groups; o++)
            for (var s = 0; s < segments; s++)
            {
                var (site, i) = (image.Site(port, s, o), (o * segments) + s);
                Line($"    embedding_site #({BankParameters(port)}{RomFiles(site)}) {(tied ? "read_" : "")}at_site_{site} (");
                Line(
                    $"        .clk(clk), .reset(reset), .in_valid(embedding_site_valid[{o}]), .in_row(embedding_site_row), .column(embedding_site_column),"
                );
                Line(
                    $"        .out_valid(embedding_read[{i}]), .out_code(embedding_read_codes[{i * codeBits} +: {codeBits}]), .out_scale(embedding_read_scales[{i * 8} +: 8]));"
                );
            }

            Line(
                $"    embedding_port #(.ROWS({port.RowsPerPass}), .SEGMENTS({segments}), .GROUPS({groups}), .COLUMNS({port.BankColumns}), .CODE_BITS({codeBits}), .HOP_CYCLES({chip.HopCycles(port)})) embedding ("
            );
            Line("        .clk(clk), .reset(reset), .start(starts_embedding), .token(token),");
            Line("        .site_valid(embedding_site_valid), .site_row(embedding_site_row), .site_column(embedding_site_column),");
            Line("        .in_valid(embedding_read), .in_codes(embedding_read_codes), .in_scales(embedding_read_scales),");
            Line(
                "        .out_valid(embedding_valid), .out_row(embedding_row), .out_codes(embedding_codes), .out_scales(embedding_scales), .done(embedding_done));"
            );
            Line("");
        }

        private void Forward()
        {
            var moves = chip
                .Program.Instructions.Where(i => i.Operation == ChipOperation.Forward)
                .Select(i => (i.Region, i.Target))
                .Distinct()
                .ToArray();
            var words = ForwardWords();
            var beats = (chip.Plan.Model.EmbeddingLength + words - 1) / words;
            foreach (var (from, to) in moves)
            {
                Line($"    // From region {from} to region {to}.");
                Line($"    wire f{from}_done;");
                Line($"    forward_link #(.BEATS({beats}), .BEAT_BITS({words * 32}), .HOP_CYCLES({_config.ForwardHopCycles})) f{from} (");
                Line(
                    $"        .clk(clk), .reset(reset), .start(starts_forward & region == 8'd{from}), .in_take(r{from}_take), .in_beat(r{from}_out_beat), .in_data(r{from}_out_data),"
                );
                Line($"        .out_valid(r{to}_arrives), .out_beat(r{to}_in_beat), .out_data(r{to}_in_data), .done(f{from}_done));");
                _done.Add($"f{from}_done");
            }

            for (var region = 0; region < _config.Regions; region++)
            {
                if (!moves.Any(m => m.Region == region))
                    Line(
                        $"    assign r{region}_take = 1'b0;\n    assign r{region}_out_beat = 16'd0;\n    wire r{region}_out_unused = &{{1'b0, r{region}_out_data}};"
                    );
                if (!moves.Any(m => m.Target == region))
                    Line(
                        $"    assign r{region}_arrives = 1'b0;\n    assign r{region}_in_beat = 16'd0;\n    assign r{region}_in_data = {words * 32}'d0;"
                    );
            }

            Line("");
        }

        private void Sampler()
        {
            var r = $"r{OutputRegion}";
            Line(
                $"    sampler #(.LANES({_config.Links * _config.LinkSums}), .PIPELINE_CYCLES({chip.Plan.Fabric.Sampler.PipelineCycles})) sampling_unit ("
            );
            Line(
                $"        .clk(clk), .reset(reset), .clear(starts_product), .in_valid({r}_value_valid), .in_logits({r}_values), .in_tokens({r}_value_indices), .in_last(collected & sampling),"
            );
            Line("        .out_valid(sampled), .out_token(sampled_token));");
            Line("");
        }

        private static int Log2(int n) => System.Numerics.BitOperations.Log2((uint)((n * 2) - 1));

        private void Line(string line) => _text.Append(line).Append('\n');
    }
}
