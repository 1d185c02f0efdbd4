using System.Diagnostics.CodeAnalysis;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>The families that have no reference file of their own, and variants of those that have; every special feature set to an unusual
/// value.</summary>
internal static class SeededModels
{
    internal const string Ends = """
        token_embd.weight d v
        output_norm.weight d
        output.weight d v
        """;

    internal const string Attention = """
        blk.*.attn_norm.weight d
        blk.*.attn_q.weight d q
        blk.*.attn_k.weight d k
        blk.*.attn_v.weight d k
        blk.*.attn_output.weight q d
        """;

    internal const string QkvBiases = """
        blk.*.attn_q.bias q
        blk.*.attn_k.bias k
        blk.*.attn_v.bias k
        """;

    internal const string HeadNorms = """
        blk.*.attn_q_norm.weight n
        blk.*.attn_k_norm.weight n
        """;

    private const string PostNorms = """
        blk.*.post_attention_norm.weight d
        blk.*.post_ffw_norm.weight d
        """;

    internal const string FeedForward = """
        blk.*.ffn_norm.weight d
        blk.*.ffn_gate.weight d f
        blk.*.ffn_up.weight d f
        blk.*.ffn_down.weight f d
        """;

    internal const string Experts = """
        blk.*.ffn_norm.weight d
        blk.*.ffn_gate_inp.weight d e
        blk.*.ffn_gate_exps.weight d x e
        blk.*.ffn_up_exps.weight d x e
        blk.*.ffn_down_exps.weight x d e
        """;

    internal const string SharedExpert = """
        blk.*.ffn_gate_inp_shexp.weight d
        blk.*.ffn_gate_shexp.weight d s
        blk.*.ffn_up_shexp.weight d s
        blk.*.ffn_down_shexp.weight s d
        """;

    private static readonly string[] SharedMatrices =
    [
        "blk.*.ffn_gate_shexp.weight",
        "blk.*.ffn_up_shexp.weight",
        "blk.*.ffn_down_shexp.weight",
    ];

    private const string ExpertBiases = """
        blk.*.ffn_gate_inp.bias e
        blk.*.ffn_gate_exps.bias x e
        blk.*.ffn_up_exps.bias x e
        blk.*.ffn_down_exps.bias d e
        """;

    private const string FeedForwardBiases = """
        blk.*.ffn_gate.bias f
        blk.*.ffn_up.bias f
        blk.*.ffn_down.bias d
        """;

    private const string MatrixScales = """
        blk.*.attn_q.scale o
        blk.*.attn_k.scale o
        blk.*.attn_v.scale o
        blk.*.attn_output.scale o
        blk.*.ffn_gate.scale o
        blk.*.ffn_up.scale o
        blk.*.ffn_down.scale o
        """;

    private const string ExpertScales = """
        blk.*.attn_q.scale o
        blk.*.ffn_gate_exps.scale e
        blk.*.ffn_up_exps.scale e
        blk.*.ffn_down_exps.scale e
        """;

    internal static readonly (string, object?)[] Yarn =
    [
        ("rope.scaling.type", "yarn"),
        ("rope.scaling.factor", 4f),
        ("rope.scaling.original_context_length", 32),
    ];

    /// <summary>Every case by name.</summary>
    public static IReadOnlyDictionary<string, SeededModel> All { get; } =
        Cases().ToDictionary(c => c.Name, c => c.Model, StringComparer.Ordinal);

    private static IEnumerable<(string Name, SeededModel Model)> Cases()
    {
        foreach (var type in new[] { CodeFormats.Named("f32"), CodeFormats.Named("q8_0"), CodeFormats.Named("q4_k") })
        {
            var suffix = type.ToString().ToLowerInvariant();
            var wide = type == CodeFormats.Named("q4_k");
            foreach (var (name, model) in Families(wide))
                yield return ($"{name}-{suffix}", model with { Type = type });
            yield return ($"gpt-oss-{suffix}-mxfp4", GptOss(wide) with { Type = type, ExpertType = CodeFormats.Named("mxfp4") });
        }

        foreach (var (name, model) in Scaled())
            yield return (name, model with { Type = CodeFormats.Named("nvfp4") });
        foreach (var variant in Variants())
            yield return variant;
    }

    private static IEnumerable<(string Name, SeededModel Model)> Families(bool wide) =>
        [
            ("mistral", Llama(wide, 24).With(("attention.sliding_window", 16), ("rope.freq_base", 1e6f))),
            ("mistral3", Mistral3(wide)),
            ("mixtral", Mixtral(wide)),
            ("qwen2moe", Qwen2Moe(wide)),
            ("qwen3moe", Qwen3Moe(wide)),
            ("gemma3", Gemma3(wide)),
            ("olmo2", Olmo2(wide)),
            ("dream", Dream(wide)),
            ("gemma", Gemma(wide)),
            ("olmoe", Olmoe(wide)),
            ("granite", Granite(wide)),
            ("granitemoe", GraniteMoe(wide)),
            ("smollm3", SmolLm3(wide)),
            ("exaone4", Exaone4(wide)),
            ("seed_oss", SeedOss(wide)),
            ("cohere2", Cohere2(wide)),
            ("qwen2vl", Qwen2Vl(wide)),
            ("qwen3vl", Qwen3Vl(wide)),
            .. SeededExpertModels.Families(wide),
            .. SeededLatentModels.Families(wide),
            .. SeededConvolutionModels.Families(wide),
            .. SeededDeltaNetModels.Families(wide),
            .. SeededMambaModels.Families(wide),
            .. SeededLayerModels.Families(wide),
        ];

    [SuppressMessage("Design", "MA0051", Justification = "A table of models.")]
    private static IEnumerable<(string Name, SeededModel Model)> Variants() =>
        [
            ("llama-linear", Llama().With(("rope.scaling.type", "linear"), ("rope.scaling.factor", 4f))),
            ("llama-scale-linear", Llama().With(("rope.scale_linear", 3f))),
            ("llama-scaling-none", Llama().With(("rope.scaling.type", "none"), ("rope.scaling.factor", 4f))),
            ("llama-yarn", Llama().With(Yarn)),
            (
                "llama-yarn-keys",
                Llama()
                    .With(Yarn)
                    .With(
                        ("rope.scaling.attn_factor", 1.3f),
                        ("rope.scaling.yarn_beta_fast", 8f),
                        ("rope.scaling.yarn_beta_slow", 2f),
                        ("rope.scaling.original_context_length", null)
                    )
            ),
            (
                "llama-longrope-long",
                Llama()
                    .With(
                        ("rope.scaling.type", "longrope"),
                        ("rope.scaling.original_context_length", 128),
                        ("rope.scaling.attn_factor", 1.2f)
                    )
                    .And("rope_factors_long.weight r\nrope_factors_short.weight r")
            ),
            (
                "llama-longrope-short",
                Llama().With(("rope.scaling.type", "longrope")).And("rope_factors_long.weight r\nrope_factors_short.weight r")
            ),
            ("llama-rope-freqs", Llama().With(("rope.freq_base", 5e5f)).And("rope_freqs.weight r")),
            ("llama-biases", Llama().And(QkvBiases + "\nblk.*.attn_output.bias d\n" + FeedForwardBiases)),
            (
                "llama-fused",
                Llama()
                    .Without("blk.*.attn_q.weight", "blk.*.attn_k.weight", "blk.*.attn_v.weight")
                    .And("blk.*.attn_qkv.weight d q+2k\nblk.*.attn_qkv.bias q+2k")
            ),
            (
                "llama-ignored-keys",
                Llama().With(("attention.scale", 0.5f), ("attention.sliding_window", 16), ("attention.sliding_window_pattern", 2))
            ),
            ("llama-tied-one-kv-head", Llama(headSize: 32, kvHeads: 1).Without("output.weight")),
            (
                "mixtral-ignored-keys",
                Mixtral().With(("expert_weights_scale", 2f), ("expert_weights_norm", false), ("expert_gating_func", 2))
            ),
            ("mixtral-groups", Mixtral().With(("expert_group_count", 2), ("expert_group_used_count", 1))),
            ("mixtral-one-expert", Mixtral().With(("expert_used_count", 1))),
            (
                "mistral3-plain",
                Mistral3().With(("attention.temperature_scale", null), ("rope.scaling.type", null), ("rope.scaling.factor", null))
            ),
            ("mistral3-yarn", Mistral3().With(("attention.temperature_scale", null), ("rope.scaling.yarn_log_multiplier", null))),
            ("qwen2-yarn", Qwen2(false, "qwen2").With(Yarn)),
            ("qwen2-output-bias", Qwen2(false, "qwen2").And("output.bias v")),
            (
                "qwen2moe-default-width",
                Qwen2Moe()
                    .With(("expert_feed_forward_length", null), ("feed_forward_length", 192), ("expert_shared_feed_forward_length", 96))
            ),
            ("qwen3-yarn", Qwen3().With(Yarn)),
            ("qwen3-linear", Qwen3().With(("rope.scaling.type", "linear"), ("rope.scaling.factor", 2f))),
            ("gemma2", Gemma2()),
            (
                "gemma2-period",
                Gemma2().With(("attention.sliding_window_pattern", 3), ("rope.freq_base_swa", 500f), ("rope.scaling.factor", 2f))
            ),
            ("gemma2-pattern-list", Gemma2().With(("attention.sliding_window_pattern", new[] { false, true, true }))),
            ("gemma3-linear", Gemma3().With(("rope.scaling.type", "linear"), ("rope.scaling.factor", 8f))),
            ("gemma3-yarn", Gemma3().With(Yarn).With(("rope.scaling.attn_factor", 1.1f))),
            ("gemma3-no-window", Gemma3().With(("attention.sliding_window", null), ("rope.freq_base_swa", null)).With(Yarn)),
            (
                "gemma3-period-softcap",
                Gemma3()
                    .With(
                        ("attention.sliding_window_pattern", 3),
                        ("final_logit_softcapping", 3f),
                        ("attn_logit_softcapping", 2f),
                        ("rope.freq_base_swa", null)
                    )
            ),
            ("gemma3-pattern-list", Gemma3().With(("attention.sliding_window_pattern", new[] { false, true, false, true, true, false }))),
            ("gemma3-untied", Gemma3().And("output.weight d v")),
            ("phi3-window-long", Phi3()),
            ("phi3-window-short", Phi3().With(("rope.scaling.original_context_length", 512))),
            ("phi3-no-original", Phi3().With(("rope.scaling.original_context_length", null))),
            (
                "phi3-plain",
                Phi3()
                    .With(("attention.sliding_window", 0), ("rope.scaling.attn_factor", null))
                    .Without("rope_factors_long.weight", "rope_factors_short.weight", "output.weight")
            ),
            (
                "phi3-separate",
                Phi3().Without("blk.*.attn_qkv.weight").And("blk.*.attn_q.weight d q\nblk.*.attn_k.weight d k\nblk.*.attn_v.weight d k")
            ),
            (
                "gpt-oss-plain",
                GptOss().With(("rope.scaling.type", null), ("rope.scaling.factor", null), ("attention.sliding_window_pattern", 3)) with
                {
                    Layers = 3,
                }
            ),
            ("gpt-oss-base", GptOss().With(("rope.freq_base_swa", 300f))),
            ("olmo3", Olmo2().With(Yarn).With(("attention.sliding_window", 16), ("rope.scaling.attn_factor", 1.2f)) with { Layers = 4 }),
            (
                "olmo3-base",
                Olmo2()
                    .With(
                        ("attention.sliding_window", 16),
                        ("attention.sliding_window_pattern", 2),
                        ("rope.freq_base_swa", 300f),
                        ("rope.scaling.factor", 2f)
                    ) with
                {
                    Layers = 4,
                }
            ),
            ("dream-output-bias", Dream().And("output.bias v")),
            ("gemma-partial-rope", Gemma().With(("rope.dimension_count", 16))),
            ("granite-logit-scale", Granite().With(("attention.scale", null), ("embedding_scale", null), ("residual_scale", null))),
            ("granite-unrotated", Granite().With(("rope.scaling.finetuned", false))),
            (
                "granite-longrope",
                Granite()
                    .With(("rope.scaling.type", "longrope"), ("rope.scaling.original_context_length", 128))
                    .And("rope_factors_long.weight r\nrope_factors_short.weight r")
            ),
            ("granite-biases", Granite().And(QkvBiases + "\nblk.*.attn_output.bias d\n" + FeedForwardBiases).Without("output.weight")),
            ("granitemoe-unshared", GraniteMoe().With(("expert_shared_feed_forward_length", null)).Without(SharedMatrices)),
            ("smollm3-tied", SmolLm3().Without("output.weight")),
            ("exaone4-windowed", Exaone4Windowed()),
            (
                "exaone4-ahead",
                Exaone4Windowed()
                    .With(("nextn_predict_layers", 1), ("attention.sliding_window_pattern", 3))
                    .And("blk.64.nextn.eh_proj.weight 2d d\nblk.64.nextn.enorm.weight d\nblk.64.nextn.hnorm.weight d") with
                {
                    Layers = 65,
                }
            ),
            ("exaone4-rope-freqs", Exaone4().And("rope_freqs.weight r").Without("output.weight")),
            ("cohere2-period", Cohere2().With(("attention.sliding_window_pattern", 2), ("rope.scaling.factor", 2f))),
            ("qwen2vl-four-sections", Qwen2Vl().With(("rope.dimension_sections", new[] { 2, 2, 2, 2 }))),
            ("qwen2vl-short-sections", Qwen2Vl().With(("rope.dimension_sections", new[] { 2, 2, 1, 1 })).With(Yarn)),
            ("qwen3vl-even-sections", Qwen3Vl().With(("rope.dimension_sections", new[] { 4, 4, 4, 0 }))),
            ("qwen3vl-deepstack", Qwen3Vl().With(("n_deepstack_layers", 1))),
            .. SeededExpertModels.Variants(),
            .. SeededLatentModels.Variants(),
            .. SeededConvolutionModels.Variants(),
            .. SeededDeltaNetModels.Variants(),
            .. SeededMambaModels.Variants(),
            .. SeededLayerModels.Variants(),
            ("llada-biases", Llada().And("blk.*.attn_output.bias d\n" + FeedForwardBiases)),
            ("llada-linear", Llada().With(("rope.scaling.type", "linear"), ("rope.scaling.factor", 4f)).And("rope_freqs.weight r")),
        ];

    private static IEnumerable<(string Name, SeededModel Model)> Scaled() =>
        [
            ("llama-nvfp4", Llama(wide: true).And(MatrixScales)),
            ("mixtral-nvfp4", Mixtral(wide: true).And(ExpertScales)),
            ("qwen3-nvfp4", Qwen3(wide: true).And(MatrixScales + "\noutput.scale o").Without("blk.*.attn_k.scale")),
            ("qwen35-nvfp4", SeededDeltaNetModels.Scaled()),
            ("qwen3moe-nvfp4", Qwen3Moe(wide: true).And(ExpertScales)),
        ];

    /// <summary>A family's model in F32.</summary>
    internal static SeededModel Named(string name) => Families(wide: false).Single(f => f.Name + "-f32" == name).Model;

    internal static SeededModel Basis(bool wide, string architecture, string tensors, int headSize, int kvHeads = 2)
    {
        var head = wide ? 64 : headSize;
        var sizes = new Dictionary<char, int>
        {
            ['d'] = wide ? 256 : 64,
            ['h'] = 4,
            ['n'] = head,
            ['q'] = 4 * head,
            ['k'] = kvHeads * head,
            ['r'] = head / 2,
            ['v'] = SeededModel.Vocabulary,
            ['f'] = wide ? 256 : 96,
            ['e'] = wide ? 4 : 8,
            ['x'] = wide ? 256 : 64,
            ['s'] = wide ? 512 : 96,
            ['o'] = 1,
        };
        return new SeededModel
        {
            Architecture = architecture,
            Sizes = sizes,
            Tensors = tensors.ReplaceLineEndings("\n"),
            Keys =
            [
                ("context_length", 512),
                ("embedding_length", sizes['d']),
                ("feed_forward_length", sizes['f']),
                ("attention.head_count", sizes['h']),
                ("attention.head_count_kv", kvHeads),
                ("attention.key_length", head),
                ("attention.value_length", head),
                ("rope.dimension_count", head),
                ("attention.layer_norm_rms_epsilon", 1e-5f),
            ],
        };
    }

    private static SeededModel Llama(bool wide = false, int headSize = 24, int kvHeads = 2) =>
        Basis(wide, "llama", $"{Ends}\n{Attention}\n{FeedForward}", headSize, kvHeads);

    private static SeededModel Mixtral(bool wide = false) =>
        Basis(wide, "llama", $"{Ends}\n{Attention}\n{Experts}", 24)
            .With(
                ("feed_forward_length", wide ? 256 : 64),
                ("expert_count", wide ? 4 : 8),
                ("expert_used_count", 2),
                ("rope.freq_base", 1e6f)
            );

    // Original context 16: the temperature of attention steps at every 16th position.
    private static SeededModel Mistral3(bool wide = false) =>
        Basis(wide, "mistral3", $"{Ends}\n{Attention}\n{FeedForward}", 24)
            .With(
                ("rope.scaling.type", "yarn"),
                ("rope.scaling.factor", 16f),
                ("rope.scaling.original_context_length", 16),
                ("rope.scaling.yarn_beta_fast", 24f),
                ("rope.scaling.yarn_beta_slow", 2f),
                ("rope.scaling.yarn_log_multiplier", 0.5f),
                ("attention.temperature_scale", 0.4f),
                ("rope.freq_base", 1e6f)
            );

    private static SeededModel Qwen2(bool wide, string architecture) =>
        Basis(wide, architecture, $"{Ends}\n{Attention}\n{QkvBiases}\n{FeedForward}", 16).With(("rope.freq_base", 1e6f));

    private static SeededModel Qwen2Moe(bool wide = false) =>
        Basis(wide, "qwen2moe", $"{Ends}\n{Attention}\n{QkvBiases}\n{Experts}\n{SharedExpert}", 16)
            .With(
                ("expert_count", wide ? 4 : 8),
                ("expert_used_count", 3),
                ("expert_feed_forward_length", wide ? 256 : 64),
                ("expert_shared_feed_forward_length", wide ? 512 : 96),
                ("rope.freq_base", 1e6f)
            );

    private static SeededModel Qwen3(bool wide = false) =>
        Basis(wide, "qwen3", $"{Ends}\n{Attention}\n{HeadNorms}\n{FeedForward}", 24).With(("rope.freq_base", 1e6f));

    private static SeededModel Qwen3Moe(bool wide = false) =>
        Basis(wide, "qwen3moe", $"{Ends}\n{Attention}\n{HeadNorms}\n{Experts}", 24)
            .With(
                ("expert_count", wide ? 4 : 8),
                ("expert_used_count", 3),
                ("expert_feed_forward_length", wide ? 256 : 64),
                ("rope.freq_base", 1e6f)
            );

    private static SeededModel Gemma2() =>
        Basis(wide: false, "gemma2", $"{Ends}\n{Attention}\n{PostNorms}\n{FeedForward}", 24)
            .With(("attention.sliding_window", 12), ("attn_logit_softcapping", 5f), ("final_logit_softcapping", 7f))
            .Without("output.weight") with
        {
            Layers = 3,
        };

    private static SeededModel Gemma3(bool wide = false) =>
        Basis(wide, "gemma3", $"{Ends}\n{Attention}\n{HeadNorms}\n{PostNorms}\n{FeedForward}", 24)
            .With(("attention.sliding_window", 16), ("rope.freq_base", 1e6f), ("rope.freq_base_swa", 20000f))
            .Without("output.weight") with
        {
            Layers = 6,
        };

    private static SeededModel Phi3() =>
        Basis(wide: false, "phi3", $"{Ends}\n{Attention}\n{FeedForward}", 16)
            .With(("attention.sliding_window", 16), ("rope.scaling.original_context_length", 128), ("rope.scaling.attn_factor", 1.19f))
            .Without("blk.*.attn_q.weight", "blk.*.attn_k.weight", "blk.*.attn_v.weight", "blk.*.ffn_gate.weight", "blk.*.ffn_up.weight")
            .And("blk.*.attn_qkv.weight d q+2k\nblk.*.ffn_up.weight d 2f\nrope_factors_long.weight r\nrope_factors_short.weight r");

    private static SeededModel GptOss(bool wide = false) =>
        Basis(
                wide,
                "gpt-oss",
                $"{Ends}\n{Attention}\n{QkvBiases}\nblk.*.attn_output.bias d\nblk.*.attn_sinks.weight h\n"
                    + $"blk.*.post_attention_norm.weight d\n{Experts}\n{ExpertBiases}",
                32
            )
            .With(Yarn)
            .With(
                ("attention.sliding_window", 16),
                ("expert_count", wide ? 4 : 8),
                ("expert_used_count", wide ? 3 : 4),
                ("expert_feed_forward_length", wide ? 256 : 64),
                ("rope.freq_base", 150000f)
            )
            .Without("blk.*.ffn_norm.weight");

    private static SeededModel Olmo2(bool wide = false) =>
        Basis(wide, "olmo2", $"{Ends}\n{Attention}\n{PostNorms}\n{FeedForward}\nblk.*.attn_q_norm.weight q\nblk.*.attn_k_norm.weight k", 16)
            .With(("rope.freq_base", 5e5f))
            .Without("blk.*.attn_norm.weight", "blk.*.ffn_norm.weight");

    private static SeededModel Dream(bool wide = false) => Qwen2(wide, "dream");

    private static SeededModel Gemma(bool wide = false) =>
        Basis(wide, "gemma", $"{Ends}\n{Attention}\n{FeedForward}", 24).Without("output.weight");

    private static SeededModel Olmoe(bool wide = false) =>
        Basis(wide, "olmoe", $"{Ends}\n{Attention}\n{Experts}\nblk.*.attn_q_norm.weight q\nblk.*.attn_k_norm.weight k", 16, kvHeads: 4)
            .With(("feed_forward_length", wide ? 256 : 64), ("expert_count", wide ? 4 : 8), ("expert_used_count", 3));

    private static SeededModel Granite(bool wide = false) =>
        Basis(wide, "granite", $"{Ends}\n{Attention}\n{FeedForward}", 24)
            .With(("logit_scale", 3.7f), ("residual_scale", 0.22f), ("embedding_scale", 5.3f), ("attention.scale", 0.31f));

    private static SeededModel GraniteMoe(bool wide = false) =>
        Basis(wide, "granitemoe", $"{Ends}\n{Attention}\n{Experts}\n{SharedExpert}", 24)
            .With(
                ("feed_forward_length", wide ? 256 : 64),
                ("expert_count", wide ? 4 : 8),
                ("expert_used_count", 3),
                ("expert_shared_feed_forward_length", wide ? 512 : 96),
                ("logit_scale", 3.7f),
                ("residual_scale", 0.22f),
                ("embedding_scale", 5.3f),
                ("attention.scale", 0.31f)
            )
            .Without("blk.*.ffn_gate_inp_shexp.weight");

    // The fourth layer has no rotation.
    private static SeededModel SmolLm3(bool wide = false) =>
        Basis(wide, "smollm3", $"{Ends}\n{Attention}\n{FeedForward}", 24) with
        {
            Layers = 5,
        };

    private static SeededModel Exaone4(bool wide = false) =>
        Basis(wide, "exaone4", $"{Ends}\n{Attention}\n{HeadNorms}\n{PostNorms}\n{FeedForward}", 16)
            .Without("blk.*.attn_norm.weight", "blk.*.ffn_norm.weight");

    // Only models of 64 layers have windows.
    private static SeededModel Exaone4Windowed() =>
        Exaone4()
            .With(
                ("embedding_length", 40),
                ("feed_forward_length", 16),
                ("attention.head_count", 2),
                ("attention.head_count_kv", 2),
                ("attention.key_length", 20),
                ("attention.value_length", 20),
                ("rope.dimension_count", 20),
                ("attention.sliding_window", 12)
            ) with
        {
            Layers = 64,
            Sizes = new Dictionary<char, int>
            {
                ['d'] = 40,
                ['n'] = 20,
                ['q'] = 40,
                ['k'] = 40,
                ['r'] = 10,
                ['v'] = SeededModel.Vocabulary,
                ['f'] = 16,
                ['o'] = 1,
            },
        };

    private static SeededModel SeedOss(bool wide = false) =>
        Basis(wide, "seed_oss", $"{Ends}\n{Attention}\n{QkvBiases}\nblk.*.post_attention_norm.weight d\n{FeedForward}", 24)
            .Without("blk.*.ffn_norm.weight");

    private static SeededModel Cohere2(bool wide = false) =>
        Basis(wide, "cohere2", $"{Ends}\n{Attention}\n{FeedForward}", 16)
            .With(
                ("attention.sliding_window", 16),
                ("attention.layer_norm_rms_epsilon", null),
                ("attention.layer_norm_epsilon", 1e-4f),
                ("logit_scale", 0.3f)
            )
            .Without("output.weight", "blk.*.ffn_norm.weight") with
        {
            Layers = 4,
        };

    private static SeededModel Qwen2Vl(bool wide = false) =>
        Qwen2(wide, "qwen2vl").With(("rope.dimension_sections", wide ? new[] { 8, 12, 12, 0 } : [2, 3, 3, 0]));

    private static SeededModel Qwen3Vl(bool wide = false) =>
        Basis(wide, "qwen3vl", $"{Ends}\n{Attention}\n{HeadNorms}\n{FeedForward}", 24)
            .With(("rope.freq_base", 5e6f), ("rope.dimension_sections", wide ? new[] { 12, 10, 10, 0 } : [6, 3, 3, 0]));

    private static SeededModel Llada() =>
        Basis(wide: false, "llada", $"{Ends}\n{Attention}\n{FeedForward}", 24).With(("rope.freq_base", 5e5f));
}
