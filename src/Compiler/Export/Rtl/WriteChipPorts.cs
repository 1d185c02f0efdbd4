using System.Globalization;
using System.Text;
using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Writes <c>chip_ports.vh</c>: the sites of every matrix with their row streams and trees, wired as the straps of the dataflow
/// layer say. <c>chip.v</c> includes it.</summary>
internal sealed class WriteChipPorts
{
    private readonly StringBuilder _text = new();
    private readonly ChipRtl _chip;
    private readonly MaskImage _image;

    private WriteChipPorts(ChipRtl chip, MaskImage image) => (_chip, _image) = (chip, image);

    public static string Text(ChipRtl chip, MaskImage image)
    {
        var writer = new WriteChipPorts(chip, image);
        var stream = 0;
        for (var region = 0; region < chip.Config.Regions; region++)
            foreach (var (port, segment) in chip.Streams(region))
            {
                if (segment == 0)
                    writer.Rows(port, region);
                writer.Segment(port, segment, stream++);
            }

        writer.EmbeddingSites();
        return writer._text.ToString();
    }

    private void Rows(MatrixPlan port, int region)
    {
        var p = $"p{port.Id}";
        var rows = BankArithmetic.StreamRows(port.RowsPerPass, _chip.Plan.Fabric.Bank.ColumnsPerScaleUnit);
        Add(
            $"""
            // Port {CodeText.Comment(
                port.Name
            )}: {port.Inputs} inputs, {port.Outputs} outputs, {port.Banks} banks, {port.Hops} hop(s) from region {region}.
            wire {p}_valid, {p}_first, {p}_last;
            wire [{port.InputSegments}*ACTIVATION_BITS-1:0] {p}_row;
            row_stream #(.ROWS({rows}), .BANK_ROWS({port.BankRows}), .SEGMENTS({port.InputSegments}), .INPUTS({port.Inputs}),
                         .ACTIVATION_BITS(ACTIVATION_BITS), .BUFFER(BUFFER), .HOP_CYCLES({_chip.HopCycles(port)})) {p}_rows (
                .clk(clk), .reset(reset), .start(starts_product & ports[{port.Id}]),
                .activations(activations[{region}*BUFFER_BITS +: BUFFER_BITS]),
                .out_valid({p}_valid), .out_first({p}_first), .out_last({p}_last), .out_activations({p}_row));
            """
        );
    }

    private void Segment(MatrixPlan port, int output, int stream)
    {
        var (p, o, segments) = ($"p{port.Id}", $"p{port.Id}_{output}", port.InputSegments);
        var last = _chip.Program.Beats(port, output) - 1;
        Add($"wire [{segments - 1}:0] {o}_valid;");
        Add($"wire [{segments}*BEAT_BITS-1:0] {o}_sums;");
        for (var s = 0; s < segments; s++)
        {
            var site = _image.Site(port, s, output);
            Add(
                $"""
                site #({BankParameters(port)}, .ACTIVATION_BITS(ACTIVATION_BITS), .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
                       .PARTIAL_SUM_BITS(PARTIAL_SUM_BITS), .SCALE_COLUMNS(SCALE_COLUMNS), .LINK_SUMS(LINK_SUMS)
                {RomFiles(site)}
                    ) at_site_{site} (
                    .clk(clk), .reset(reset), .last_beat(16'd{last}), .in_valid({p}_valid), .in_first({p}_first), .in_last({p}_last),
                    .in_activation({p}_row[{s}*ACTIVATION_BITS +: ACTIVATION_BITS]),
                    .out_valid({o}_valid[{s}]), .out_sums({o}_sums[{s}*BEAT_BITS +: BEAT_BITS]));
                """
            );
        }

        Add(
            $"""
            collector #(.SEGMENTS({segments}), .LINK_SUMS(LINK_SUMS), .PARTIAL_SUM_BITS(PARTIAL_SUM_BITS),
                        .REDUCTION_CYCLES(REDUCTION_CYCLES), .HOP_CYCLES({_chip.HopCycles(port)})) {o}_tree (
                .clk(clk), .reset(reset), .in_valid({o}_valid), .in_sums({o}_sums),
                .out_valid(beat_valid[{stream}]), .out_sums(beat_data[{stream}*BEAT_BITS +: BEAT_BITS]));

            """
        );
    }

    private void EmbeddingSites()
    {
        var port = _chip.Embedding;
        var tied = port.Role == MatrixRole.Output;
        var note = tied ? ": a second read port of the output matrix's sites, which share the array on the chip" : "";
        Add($"// Port {CodeText.Comment(port.Name)} as the embedding{note}.");
        for (var o = 0; o < port.OutputSegments; o++)
        for (var s = 0; s < port.InputSegments; s++)
        {
            var (site, i) = (_image.Site(port, s, o), (o * port.InputSegments) + s);
            Add(
                $"""
                embedding_site #({BankParameters(port)}
                {RomFiles(site)}
                    ) {(tied ? "read_" : "")}at_site_{site} (
                    .clk(clk), .reset(reset), .in_valid(embedding_site_valid[{o}]), .in_row(embedding_site_row),
                    .column(embedding_site_column), .out_valid(embedding_read[{i}]),
                    .out_code(embedding_read_codes[{i}*EMBEDDING_CODE_BITS +: EMBEDDING_CODE_BITS]),
                    .out_scale(embedding_read_scales[{i}*8 +: 8]));
                """
            );
        }
    }

    private static string BankParameters(MatrixPlan port) =>
        $".ROWS({port.BankRows}), .COLUMNS({port.BankColumns}), .CODE_BITS({CodeFormats.Named(port.Format).CodeBits}), "
        + ".PIPELINE_CYCLES(BANK_PIPELINE_CYCLES)";

    // Where a ROM finds its contents by the path of its instance, all sites share one module.
    private static string RomFiles(int site) =>
        $"""
            `ifndef ROM_BY_PATH
                , .CODES_FILE("site_{site}.codes.hex"), .SCALES_FILE("site_{site}.scales.hex")
            `endif
            """;

    private void Add(FormattableString lines) => _text.Append(lines.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
