using System.Globalization;
using System.Numerics;
using System.Text;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Writes <c>chip_parameters.vh</c>: the sizes of a chip for <c>chip.v</c>.</summary>
internal static class WriteChipParameters
{
    public static string Text(ChipRtl chip)
    {
        var (plan, config) = (chip.Plan, chip.Config);
        var files = string.Join(' ', RtlSources.Chip);
        var text = new StringBuilder(
            $"""
            // Model {CodeText.Comment(plan.Model.Name)} on fabric {CodeText.Comment(
                plan.Fabric.Name
            )}: {plan.SitesUsed} banks, {config.Regions} vector clusters of {config.Lanes} lanes,
            // {chip.Program.Instructions.Count} instructions a token.
            // Lint:     verilator --lint-only -Wall -DROM_BY_PATH --top-module {ExportChip.Top} {RtlSources.ChipConfiguration} {files}
            // Simulate: verilator --cc --exe --build --hierarchical -Wno-fatal -fno-dfg -DROM_BY_PATH -CFLAGS -ffp-contract=off
            // --top-module {ExportChip.Top} -o chip {RtlSources.ChipConfiguration} {files} {RtlSources.VectorModel} {RtlSources.ChipMain}
            //           obj_dir/chip 1,2,3 16 1000000      (prompt ids, answer tokens, most cycles)

            """
        );
        foreach (var (name, value) in Sizes(chip))
            text.Append(CultureInfo.InvariantCulture, $"localparam {name} = {value};\n");
        var streams = Enumerable.Range(0, config.Regions).Select(r => chip.Streams(r).ToArray()).ToArray();
        Table(text, "STREAMS_OF_REGION", streams.Select(s => s.Length));
        Table(text, "FIRST_STREAM_OF_REGION", Enumerable.Range(0, config.Regions).Select(r => streams.Take(r).Sum(s => s.Length)));
        Table(text, "BEATS_OF_REGION", streams.Select(s => s.Max(x => chip.Program.Beats(x.Port, x.OutputSegment))));
        var moves = chip.Program.Instructions.Where(i => i.Operation == ChipOperation.Forward).ToArray();
        var regions = Enumerable.Range(0, config.Regions).ToArray();
        Table(text, "SOURCE_OF_REGION", regions.Select(r => moves.FirstOrDefault(m => m.Target == r)?.Region ?? config.Regions));
        Table(text, "TARGET_OF_REGION", regions.Select(r => moves.FirstOrDefault(m => m.Region == r)?.Target ?? config.Regions));
        return text.ToString();
    }

    private static IEnumerable<(string Name, int Value)> Sizes(ChipRtl chip)
    {
        var (fabric, config, embedding) = (chip.Plan.Fabric, chip.Config, chip.Embedding);
        return
        [
            ("INSTRUCTIONS", chip.Program.Instructions.Count),
            ("PORTS", chip.Plan.Matrices.Count),
            ("REGIONS", config.Regions),
            ("EMBEDDING_REGION", config.RegionOfStage[0]),
            ("OUTPUT_REGION", config.RegionOfStage[^1]),
            ("ACTIVATION_BITS", fabric.Numerics.ActivationBits),
            ("ACCUMULATOR_BITS", fabric.Bank.AccumulatorBits),
            ("PARTIAL_SUM_BITS", fabric.Network.PartialSumBits),
            ("BANK_PIPELINE_CYCLES", fabric.Bank.PipelineCycles),
            ("SCALE_COLUMNS", fabric.Bank.ColumnsPerScaleUnit),
            ("REDUCTION_CYCLES", fabric.Network.ReductionCyclesPerLevel),
            ("BUFFER", config.Buffer),
            ("LINKS", config.Links),
            ("LINK_SUMS", config.LinkSums),
            ("STREAMS", Enumerable.Range(0, config.Regions).Sum(r => chip.Streams(r).Count())),
            ("LANES", config.Lanes),
            ("VECTOR_PIPELINE_CYCLES", fabric.Vector.PipelineCycles),
            ("SCALAR_CYCLES", fabric.Vector.ScalarFunctionCycles),
            ("HEAD_CYCLES", BitOperations.Log2((uint)((chip.Plan.Model.HeadSize * 2) - 1))),
            ("KV_BANKS", config.KvBanks),
            ("PORT_BITS", fabric.KvSram.PortBytes * 8),
            ("KV_DEPTH", config.KvDepth),
            ("KV_LATENCY_CYCLES", fabric.KvSram.LatencyCycles),
            ("KV_SCALES", config.KvScales),
            ("KEY_WORDS", config.KeyWords),
            ("VALUE_WORDS", config.ValueWords),
            ("MATRIX_DEPTH", config.MatrixDepth),
            ("EMBEDDING_ROWS", embedding.RowsPerPass),
            ("EMBEDDING_BANK_ROWS", embedding.BankRows),
            ("EMBEDDING_COLUMNS", embedding.BankColumns),
            ("EMBEDDING_SEGMENTS", embedding.InputSegments),
            ("EMBEDDING_GROUPS", embedding.OutputSegments),
            ("EMBEDDING_CODE_BITS", CodeFormats.Named(embedding.Format).CodeBits),
            ("EMBEDDING_HOP_CYCLES", chip.HopCycles(embedding)),
            ("FORWARD_WORDS", chip.ForwardWords),
            ("FORWARD_BEATS", (chip.Plan.Model.EmbeddingLength + chip.ForwardWords - 1) / chip.ForwardWords),
            ("FORWARD_HOP_CYCLES", config.ForwardHopCycles),
            ("SAMPLER_PIPELINE_CYCLES", fabric.Sampler.PipelineCycles),
        ];
    }

    // Sixteen bits for each region, region 0 in the low bits.
    private static void Table(StringBuilder text, string name, IEnumerable<int> values)
    {
        var fields = values.Reverse().Select(v => string.Create(CultureInfo.InvariantCulture, $"16'd{v}"));
        text.Append(CultureInfo.InvariantCulture, $"localparam [16*REGIONS-1:0] {name} = {{{string.Join(", ", fields)}}};\n");
    }
}
