using System.Globalization;
using System.Text;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Languages;
using TaalasSim.Compiler.Graph;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Writes <c>chip_model.h</c>: the sizes, steps and streams of a model for the C++ of the vector clusters.</summary>
internal static class WriteChipModel
{
    private const string StreamsComment =
        "// Streams of sums, region by region: operator, first output, outputs, column scales, bias, operator that was quantised, "
        + "soft-capped operator, to the sampler.\n";

    public static string Text(ChipRtl chip, ModelTraits traits)
    {
        var (model, fabric, program, config) = (chip.Plan.Model, chip.Plan.Fabric, chip.Program, chip.Config);
        var cap = chip.Graph.Output as SoftCapOperator;
        var text = new StringBuilder(
            $$"""
            // Sizes and steps of {{CodeText.Comment(model.Name)}} for vector_model.cpp.
            constexpr int REGIONS = {{config.Regions}}, OPERATORS = {{chip.Graph.Operators.Count}}, BUFFER = {{config.Buffer}};
            constexpr int HEADS = {{model.Heads}}, KV_HEADS = {{model.KvHeads}};
            constexpr int HEAD_SIZE = {{model.HeadSize}}, VALUE_SIZE = {{model.EffectiveValueHeadSize}};
            constexpr int ROTARY = {{traits.RotaryLength}};
            constexpr bool NEOX = {{Bool(traits.RopeNeox)}}, SCALE_QUERY = {{Bool(traits.ScaleQuery)}};
            constexpr int KV_BITS = {{fabric.Numerics.KvBits}}, KV_LIMIT = {{(1 << (fabric.Numerics.KvBits - 1))
                - 1}}, ACTIVATION_LIMIT = {{(1 << (fabric.Numerics.ActivationBits - 1)) - 1}};
            constexpr int KV_ROW_WORDS[2] = {{{config.KeyWords * fabric.KvSram.PortBytes / 4}}, {{config.ValueWords
                * fabric.KvSram.PortBytes
                / 4}}};
            constexpr int KV_SCALE_WORDS = {{fabric.KvSram.PortBytes / 4 / config.KvScales}};
            constexpr int EMBEDDING_SCALES = {{program.Vector(VectorEntry.ColumnScalesOf(chip.Embedding.Name))}};
            const float EPSILON = {{Float(traits.NormEpsilon)}}, EMBEDDING_SCALE = {{Float(
                traits.EmbeddingScale == 0 ? 1 : traits.EmbeddingScale
            )}}, FINAL_CAP = {{Float(cap?.Cap ?? 0)}};
            const float ATTENTION_SCALE = {{Float(
                traits.AttentionScale > 0 ? traits.AttentionScale : 1 / MathF.Sqrt(model.HeadSize)
            )}}, ATTENTION_CAP = {{Float(traits.AttentionSoftCap)}};

            // The rope of all layers, and that of windowed ones.
            const Rope ROPES[2] = {
                {{Rope(program, traits, windowed: false)}},
                {{Rope(program, traits, windowed: true)}},
            };

            // Width of every operator's result.
            constexpr int WIDTHS[OPERATORS] = {{{string.Join(", ", chip.Graph.Operators.Select(o => o.Width))}}};

            // Kind, operator, a, b, count, group, region.
            const Step STEPS[] = {

            """
        );
        foreach (var s in program.Steps)
            text.Append(
                CultureInfo.InvariantCulture,
                $"    {{{s.Kind.ToString().ToUpperInvariant()}, {s.Operator}, {s.A}, {s.B}, {s.Count}, {s.Group}, {s.Region}}},\n"
            );
        text.Append("};\n\n").Append(StreamsComment);
        text.Append("const Stream STREAMS[] = {\n");
        var first = new List<int>();
        var count = 0;
        for (var region = 0; region < config.Regions; region++)
        {
            first.Add(count);
            foreach (var (port, output) in chip.Streams(region))
            {
                text.Append(Stream(program, port, output, cap?.Id ?? -1));
                count++;
            }
        }

        return text.Append(CultureInfo.InvariantCulture, $"}};\nconst int STREAM_OF_REGION[REGIONS] = {{{string.Join(", ", first)}}};\n")
            .ToString();
    }

    // One line of STREAMS. Absent vectors and operators are −1.
    private static string Stream(ChipProgram program, MatrixPlan port, int outputSegment, int capId)
    {
        var op = program.Product(port);
        var from = outputSegment * port.BankColumns;
        var isOutput = port.Role == MatrixRole.Output;
        int[] fields =
        [
            op.Id,
            from,
            Math.Min(port.BankColumns, port.Outputs - from),
            program.Vector(VectorEntry.ColumnScalesOf(port.Name)),
            op.Bias is null ? -1 : program.Vector(op.Bias),
            op.Input,
            isOutput ? capId : -1,
            isOutput ? 1 : 0,
        ];
        return $"    {{{string.Join(", ", fields)}}}, // port {CodeText.Comment(port.Name)}\n";
    }

    private static string Rope(ChipProgram program, ModelTraits traits, bool windowed)
    {
        ChipRtlConfig.Need(!traits.Yarn && traits.RopeFactors != RopeFactors.LongRope, "YaRN and LongRoPE have no vector model");
        ChipRtlConfig.Need(traits.ScaledMatrices.Count == 0, "factors on products have no vector model");
        ChipRtlConfig.Need(traits.AttentionTemperatureScale == 0, "the temperature of attention has no vector model");
        var rope = windowed && traits.RopeBaseWindowed > 0 ? traits.RopeBaseWindowed : traits.RopeBase;
        var scale = windowed && traits.WindowedRope != WindowedRope.Scaled ? 1 : 1 / traits.RopeScalingFactor;
        ChipRtlConfig.Need(traits.StillPairs.Count == 0, "pairs of heads with positions of pictures have no Verilog");
        var magnitude = windowed && traits.WindowedRope == WindowedRope.Plain ? 1 : traits.RopeMagnitude;
        return $"{{{Float(rope)}, {Float(scale)}, {Float(magnitude)}, "
            + $"{(traits.RopeFactors == RopeFactors.Frequencies ? program.Vector("rope_freqs.weight") : -1)}}}";
    }

    private static string Bool(bool value) => value ? "true" : "false";

    // Nine digits give a float back.
    private static string Float(float value) => value.ToString("e9", CultureInfo.InvariantCulture) + "f";
}
