using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Import;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>
/// Every key of an architecture is followed, refused, or one that llama.cpp does not read either. Which keys it reads is taken from its
/// load_hparams and the load_arch_hparams of each architecture.
/// </summary>
[Category("Compiler")]
public sealed class MetadataInventoryTests
{
    // All keys below an architecture's name that llama.cpp knows (LLM_KV_NAMES).
    private static readonly string[] All =
    [
        "vocab_size",
        "context_length",
        "embedding_length",
        "embedding_length_out",
        "embedding_length_per_layer_input",
        "features_length",
        "block_count",
        "leading_dense_block_count",
        "attn_res.block_size",
        "activation.situ_beta",
        "activation.situ_linear_beta",
        "feed_forward_length",
        "expert_feed_forward_length",
        "expert_shared_feed_forward_length",
        "expert_chunk_feed_forward_length",
        "swiglu_clamp_exp",
        "swiglu_clamp_shexp",
        "use_parallel_residual",
        "tensor_data_layout",
        "expert_count",
        "expert_used_count",
        "expert_shared_count",
        "expert_group_count",
        "expert_group_used_count",
        "expert_weights_scale",
        "expert_weights_norm",
        "expert_latent_length",
        "expert_gating_func",
        "expert_group_scale",
        "experts_per_group",
        "moe_every_n_layers",
        "moe_latent_size",
        "nextn_predict_layers",
        "n_deepstack_layers",
        "deepstack_mapping",
        "hidden_activation",
        "pooling_type",
        "logit_scale",
        "decoder_start_token_id",
        "decoder_block_count",
        "attn_logit_softcapping",
        "router_logit_softcapping",
        "final_logit_softcapping",
        "swin_norm",
        "rescale_every_n_layers",
        "time_mix_extra_dim",
        "time_decay_extra_dim",
        "residual_scale",
        "embedding_scale",
        "adapters.count",
        "adapters.token_ids_activate",
        "adapters.token_ids_substitute",
        "adapters.lora_rank",
        "adapters.router_gain",
        "token_shift_count",
        "interleave_moe_layer_step",
        "full_attention_interval",
        "num_loops",
        "skip_loop_final_norm",
        "attention.head_count",
        "attention.head_count_kv",
        "attention.max_alibi_bias",
        "attention.clamp_kqv",
        "attention.key_length",
        "attention.value_length",
        "attention.layer_norm_epsilon",
        "attention.layer_norm_rms_epsilon",
        "attention.group_norm_epsilon",
        "attention.group_norm_groups",
        "attention.causal",
        "attention.q_lora_rank",
        "attention.kv_lora_rank",
        "attention.decay_lora_rank",
        "attention.iclr_lora_rank",
        "attention.value_residual_mix_lora_rank",
        "attention.gate_lora_rank",
        "attention.relative_buckets_count",
        "attention.sliding_window",
        "attention.sliding_window_pattern",
        "attention.rope_pattern",
        "attention.scale",
        "attention.output_scale",
        "attention.value_scale",
        "attention.temperature_length",
        "attention.temperature_scale",
        "attention.key_length_mla",
        "attention.value_length_mla",
        "attention.key_length_swa",
        "attention.value_length_swa",
        "attention.key_length_mla_swa",
        "attention.value_length_mla_swa",
        "attention.kv_lora_rank_swa",
        "attention.indexer.head_count",
        "attention.indexer.key_length",
        "attention.indexer.top_k",
        "attention.indexer.block_size",
        "attention.indexer.local_blocks",
        "attention.indexer.types",
        "attention.output_group_count",
        "attention.output_lora_rank",
        "attention.compress_rope_freq_base",
        "attention.compress_ratios",
        "attention.shared_kv_layers",
        "attention.recurrent_layers",
        "hyper_connection.count",
        "hyper_connection.sinkhorn_iterations",
        "hyper_connection.epsilon",
        "hash_layer_count",
        "rope.dimension_count",
        "rope.dimension_count_swa",
        "rope.dimension_sections",
        "rope.freq_base",
        "rope.freq_base_swa",
        "rope.scale_linear",
        "rope.scaling.type",
        "rope.scaling.factor",
        "rope.scaling.alpha",
        "rope.scaling.attn_factor",
        "rope.scaling.original_context_length",
        "rope.scaling.finetuned",
        "rope.scaling.yarn_log_multiplier",
        "rope.scaling.yarn_ext_factor",
        "rope.scaling.yarn_attn_factor",
        "rope.scaling.yarn_beta_fast",
        "rope.scaling.yarn_beta_slow",
        "ssm.conv_kernel",
        "ssm.inner_size",
        "ssm.state_size",
        "ssm.time_step_rank",
        "ssm.group_count",
        "ssm.dt_b_c_rms",
        "kda.head_dim",
        "kda.safe_gate",
        "kda.gate_lower_bound",
        "wkv.head_size",
        "posnet.embedding_length",
        "posnet.block_count",
        "convnext.embedding_length",
        "convnext.block_count",
        "classifier.output_labels",
        "target_layers",
        "target_hidden_size",
        "norm_before_residual",
        "norm_before_fc",
        "shortconv.l_cache",
        "dense_2_feat_in",
        "dense_2_feat_out",
        "dense_3_feat_in",
        "dense_3_feat_out",
    ];

    // Read by load_hparams for every architecture, with a value that changes what is computed.
    private static readonly (string Key, object Value)[] Everywhere =
    [
        ("context_length", 100),
        ("embedding_length", 32),
        ("attention.head_count", 8),
        ("attention.head_count_kv", 1),
        ("feed_forward_length", 32),
        ("expert_count", 3),
        ("expert_used_count", 1),
        ("expert_group_count", 2),
        ("rope.scaling.original_context_length", 77),
        ("rope.freq_base", 123f),
        ("rope.scaling.type", "yarn"),
        ("rope.scaling.factor", 3f),
        ("rope.scale_linear", 3f),
        ("rope.scaling.attn_factor", 1.5f),
        ("attention.key_length", 12),
        ("attention.value_length", 12),
        ("rope.dimension_count", 8),
        ("attention.layer_norm_rms_epsilon", 0.01f),
    ];

    // Read, and without effect on logits: sizes of other outputs, how embeddings are pooled, labels, names; XDRoPE's alpha belongs to
    // architectures that are not here, and the number of groups used counts only with groups.
    private static readonly string[] Harmless =
    [
        "embedding_length_out",
        "pooling_type",
        "rope.scaling.finetuned",
        "rope.scaling.alpha",
        "classifier.output_labels",
        "vocab_size",
        "expert_group_used_count",
    ];

    private static readonly (string Key, object Value)[] Windows =
    [
        ("attention.sliding_window", 5),
        ("attention.sliding_window_pattern", 3),
        ("attention.key_length_swa", 12),
        ("attention.value_length_swa", 12),
        ("rope.dimension_count_swa", 8),
        ("rope.freq_base_swa", 77f),
    ];

    private static readonly (string Key, object Value)[] Routers =
    [
        ("expert_gating_func", 1),
        ("expert_weights_norm", false),
        ("expert_weights_scale", 9f),
    ];

    private static readonly (string Key, object Value)[] Latent =
    [
        ("attention.causal", false),
        ("attention.head_count_kv", 2),
        ("rope.dimension_count", 6),
        ("expert_gating_func", 2),
        ("expert_weights_norm", true),
        ("expert_weights_scale", 9f),
        ("expert_feed_forward_length", 16),
        ("expert_shared_count", 1),
        ("leading_dense_block_count", 2),
        ("nextn_predict_layers", 1),
        ("attention.kv_lora_rank", 16),
        ("attention.q_lora_rank", 16),
        ("attention.key_length_mla", 24),
        ("attention.value_length_mla", 24),
        ("attention.temperature_scale", 0.7f),
        ("rope.scaling.yarn_log_multiplier", 0.9f),
    ];

    private static readonly (string Key, object Value)[] DeltaNet =
    [
        ("attention.causal", false),
        ("attention.recurrent_layers", new[] { true, true, false, false }),
        ("full_attention_interval", 3),
        ("nextn_predict_layers", 1),
        ("ssm.conv_kernel", 3),
        ("ssm.inner_size", 48),
        ("ssm.state_size", 8),
        ("ssm.time_step_rank", 4),
        ("ssm.group_count", 3),
    ];

    private static readonly (string Key, object Value)[] Mamba =
    [
        ("attention.causal", false),
        ("ssm.conv_kernel", 3),
        ("ssm.inner_size", 48),
        ("ssm.state_size", 8),
        ("ssm.time_step_rank", 4),
        ("ssm.group_count", 1),
    ];

    private static readonly (string Key, object Value)[] Nemotron =
    [
        .. Mamba,
        ("attention.head_count_kv", new[] { 0, 2, 0, 2 }),
        ("feed_forward_length", new[] { 96, 0, 96, 0 }),
        ("nextn_predict_layers", 1),
    ];

    private static readonly (string Key, object Value)[] LayersDiffer =
    [
        ("attention.causal", false),
        ("attention.sliding_window", 5),
        ("attention.sliding_window_pattern", new[] { true, true, true, false, true, false }),
        ("attention.key_length_swa", 12),
        ("attention.value_length_swa", 12),
        ("attention.shared_kv_layers", 1),
        ("attention.head_count_kv", new[] { 2, 2, 2, 2, 2, 2 }),
        ("embedding_length_per_layer_input", 16),
        ("feed_forward_length", new[] { 96, 96, 96, 128, 128, 128 }),
        ("final_logit_softcapping", 9f),
        ("rope.dimension_count_swa", 8),
        ("rope.freq_base_swa", 77f),
    ];

    private static readonly (string Key, object Value)[] Sections = [("rope.dimension_sections", new[] { 1, 1, 1, 1 })];

    private static readonly (string Key, object Value)[] SharedExpert =
    [
        ("expert_feed_forward_length", 32),
        ("expert_shared_feed_forward_length", 32),
    ];

    private static readonly (string Key, object Value)[] Scales =
    [
        ("logit_scale", 9f),
        ("residual_scale", 0.7f),
        ("embedding_scale", 9f),
        ("attention.scale", 0.7f),
    ];

    private static readonly Dictionary<string, (string Key, object Value)[]> Own = new(StringComparer.Ordinal)
    {
        ["llama"] = [("attention.causal", false)],
        ["mistral3"] =
        [
            ("attention.causal", false),
            ("attention.temperature_scale", 0.7f),
            ("rope.scaling.yarn_beta_fast", 9f),
            ("rope.scaling.yarn_beta_slow", 3f),
            ("rope.scaling.yarn_log_multiplier", 0.9f),
        ],
        ["qwen2"] = [("attention.causal", false)],
        ["qwen2moe"] = [("attention.causal", false), ("expert_feed_forward_length", 32), ("expert_shared_feed_forward_length", 32)],
        ["qwen3"] = [("attention.causal", false)],
        ["qwen3moe"] = [("attention.causal", false), ("expert_feed_forward_length", 32)],
        ["gemma2"] = [("attention.causal", false), .. Windows, ("attn_logit_softcapping", 9f), ("final_logit_softcapping", 9f)],
        ["gemma3"] = [("attention.causal", false), .. Windows, ("final_logit_softcapping", 9f)],
        ["phi3"] = [("attention.causal", false)],
        ["gpt-oss"] = [("attention.causal", false), .. Windows, ("expert_feed_forward_length", 32)],
        // Its graph turns windowed layers by the one base, whatever the key of theirs says.
        ["olmo2"] = [("attention.causal", false), .. Windows.Where(k => k.Key != "rope.freq_base_swa")],
        ["llada"] = [],
        ["dream"] = [],
        ["gemma"] = [("attention.causal", false)],
        ["olmoe"] = [("attention.causal", false)],
        ["granite"] = [("attention.causal", false), .. Scales, ("rope.scaling.finetuned", false)],
        ["granitemoe"] = [("attention.causal", false), .. Scales, ("expert_shared_feed_forward_length", 32)],
        ["smollm3"] = [("attention.causal", false)],
        // The graphs of these two turn windowed layers by the one base as well.
        ["exaone4"] = [("attention.causal", false), .. Windows.Where(k => k.Key != "rope.freq_base_swa"), ("nextn_predict_layers", 1)],
        ["seed_oss"] = [("attention.causal", false)],
        ["cohere2"] =
        [
            ("attention.causal", false),
            .. Windows.Where(k => k.Key != "rope.freq_base_swa"),
            ("attention.layer_norm_epsilon", 0.01f),
            ("logit_scale", 0.7f),
        ],
        ["qwen2vl"] = [("attention.causal", false), ("rope.dimension_sections", new[] { 1, 1, 1, 1 })],
        ["qwen3vl"] = [("attention.causal", false), ("rope.dimension_sections", new[] { 1, 1, 1, 1 })],
        ["glm4moe"] =
        [
            ("attention.causal", false),
            .. Routers,
            ("expert_feed_forward_length", 32),
            ("expert_shared_count", 2),
            ("leading_dense_block_count", 2),
            ("nextn_predict_layers", 1),
            ("rope.dimension_sections", new[] { 1, 1, 1, 1 }),
        ],
        ["minimax-m2"] = [("attention.causal", false), ("expert_gating_func", 1)],
        ["ernie4_5"] = [("attention.causal", false)],
        ["ernie4_5-moe"] =
        [
            ("attention.causal", false),
            ("expert_feed_forward_length", 32),
            ("expert_shared_feed_forward_length", 32),
            ("leading_dense_block_count", 2),
            ("interleave_moe_layer_step", 2),
        ],
        ["hunyuan-dense"] = [("attention.causal", false), ("rope.scaling.alpha", 3f)],
        ["hunyuan-moe"] = [("attention.causal", false), ("expert_shared_feed_forward_length", 32)],
        // Any window but 0 is that of every layer with attention.
        ["lfm2"] =
        [
            ("attention.causal", false),
            ("attention.head_count_kv", new[] { 2, 0, 2, 0 }),
            ("attention.sliding_window", 5),
            .. Windows.Where(k => k.Key.EndsWith("_swa", StringComparison.Ordinal) && k.Key != "rope.freq_base_swa"),
            ("shortconv.l_cache", 2),
        ],
        ["lfm2moe"] =
        [
            ("attention.causal", false),
            ("attention.head_count_kv", new[] { 2, 0, 2, 0 }),
            ("expert_feed_forward_length", 32),
            ("expert_gating_func", 1),
            ("leading_dense_block_count", 2),
            ("shortconv.l_cache", 2),
        ],
        ["granitehybrid"] = [.. Mamba, .. Scales, ("attention.head_count_kv", new[] { 2, 0, 2 }), ("rope.scaling.finetuned", false)],
        ["falcon-h1"] = Mamba,
        ["nemotron_h"] = Nemotron,
        ["nemotron_h_moe"] =
        [
            .. Nemotron,
            .. SharedExpert,
            ("expert_weights_norm", false),
            ("expert_weights_scale", 9f),
            ("moe_latent_size", 32),
        ],
        ["gemma3n"] = [("attention.causal", false), .. Windows],
        ["gemma4"] = LayersDiffer,
        ["qwen3next"] = [.. DeltaNet, .. SharedExpert],
        ["qwen35"] = [.. DeltaNet, .. Sections],
        ["qwen35moe"] = [.. DeltaNet, .. Sections, .. SharedExpert],
        ["deepseek2"] = Latent,
        ["mistral4"] = Latent,
        ["llama4"] =
        [
            ("attention.causal", false),
            .. Windows.Where(k => k.Key != "attention.sliding_window"),
            // Any other window is taken for 8192.
            ("attention.sliding_window", 0),
            ("expert_feed_forward_length", 32),
            ("interleave_moe_layer_step", 1),
        ],
    };

    // Architectures that do not read a key of every other.
    private static readonly Dictionary<string, string> NotRead = new(StringComparer.Ordinal)
    {
        ["cohere2"] = "attention.layer_norm_rms_epsilon",
        ["qwen2vl"] = "attention.layer_norm_rms_epsilon",
    };

    private static readonly string[] Prefixes = ["attention.", "expert", "leading_dense", "full_attention"];

    private static readonly string[] Mixture = ["expert_count", "expert_used_count"];

    private static readonly string[] LatentKeys =
    [
        .. Mixture,
        "feed_forward_length",
        "expert_feed_forward_length",
        "expert_shared_count",
        "attention.kv_lora_rank",
        "attention.q_lora_rank",
        "attention.key_length_mla",
        "attention.value_length_mla",
        "attention.key_length",
        "attention.value_length",
        "attention.head_count_kv",
        "rope.dimension_count",
    ];

    private static readonly string[] StateKeys =
    [
        "ssm.conv_kernel",
        "ssm.inner_size",
        "ssm.state_size",
        "ssm.time_step_rank",
        "ssm.group_count",
    ];

    // Keys that a file must have beside those of every architecture.
    private static readonly Dictionary<string, string[]> Required = new(StringComparer.Ordinal)
    {
        ["gpt-oss"] = ["attention.sliding_window", "expert_feed_forward_length"],
        ["granite"] = ["logit_scale"],
        ["granitemoe"] = ["logit_scale", "feed_forward_length"],
        ["olmoe"] = ["feed_forward_length"],
        ["cohere2"] = ["attention.sliding_window", "attention.layer_norm_epsilon", "logit_scale"],
        ["qwen2vl"] = ["rope.dimension_sections"],
        ["qwen3vl"] = ["rope.dimension_sections"],
        ["glm4moe"] = [.. Mixture, "feed_forward_length", "expert_feed_forward_length", "expert_shared_count"],
        ["minimax-m2"] = [.. Mixture, "feed_forward_length"],
        ["ernie4_5-moe"] = [.. Mixture, "feed_forward_length", "expert_feed_forward_length", "interleave_moe_layer_step"],
        ["hunyuan-moe"] = [.. Mixture, "feed_forward_length"],
        ["lfm2"] = ["attention.head_count_kv", "shortconv.l_cache"],
        ["lfm2moe"] = [.. Mixture, "attention.head_count_kv", "feed_forward_length", "expert_feed_forward_length", "shortconv.l_cache"],
        ["granitehybrid"] = [.. StateKeys, "attention.head_count_kv"],
        ["falcon-h1"] = StateKeys,
        ["nemotron_h"] = [.. StateKeys, "attention.head_count_kv", "attention.layer_norm_epsilon"],
        ["nemotron_h_moe"] =
        [
            .. Mixture,
            .. StateKeys,
            "attention.head_count_kv",
            "attention.layer_norm_epsilon",
            "feed_forward_length",
            "expert_feed_forward_length",
            "expert_shared_feed_forward_length",
        ],
        ["gemma3n"] = ["attention.sliding_window"],
        ["gemma4"] =
        [
            "attention.sliding_window",
            "attention.sliding_window_pattern",
            "attention.key_length_swa",
            "attention.value_length_swa",
            "embedding_length_per_layer_input",
            // Its default are all elements of a head, and here windowed ones are shorter.
            "rope.dimension_count_swa",
        ],
        ["qwen3next"] = [.. Mixture, .. StateKeys],
        ["qwen35"] = [.. StateKeys, "rope.dimension_sections"],
        ["qwen35moe"] = [.. Mixture, .. StateKeys, "rope.dimension_sections"],
        ["deepseek2"] = LatentKeys,
        ["mistral4"] = LatentKeys,
        ["llama4"] = [.. Mixture, "feed_forward_length", "expert_feed_forward_length", "interleave_moe_layer_step"],
    };

    private static IEnumerable<string> Architectures => Own.Keys;

    [TestCaseSource(nameof(Architectures))]
    public void Keys_that_llama_cpp_does_not_read_change_nothing(string architecture)
    {
        var model = Model(architecture);
        string[] read = [.. Read(architecture).Select(k => k.Key)];
        // Widths of experts are read of mixtures alone.
        // The number of layers is written by the model itself.
        string[] ignored = [.. All.Except(read).Except(Harmless).Except(["block_count"])];
        Assert.Multiple(() =>
        {
            Assert.That(ignored, Has.Length.GreaterThan(100));
            var plain = Description(model);
            Assert.That(Description(model.With([.. ignored.Select(key => (key, (object?)0.5f))])), Is.EqualTo(plain));
            string[] harmless = [.. Harmless.Except(["classifier.output_labels"]).Except(read)];
            Assert.That(Description(model.With([.. harmless.Select(key => (key, (object?)1))])), Is.EqualTo(plain));
        });
    }

    [TestCaseSource(nameof(Architectures))]
    public void Keys_that_llama_cpp_reads_change_the_model_or_are_refused(string architecture)
    {
        Assert.Multiple(() =>
        {
            foreach (var (key, value) in Read(architecture))
            {
                // The old name of the factor counts only without the new one.
                var model = key == "rope.scale_linear" ? Model(architecture).With(("rope.scaling.factor", null)) : Model(architecture);
                if (key.StartsWith("rope.scal", StringComparison.Ordinal))
                    model = model.With(("rope.scaling.type", key == "rope.scaling.type" ? "none" : "linear"));
                Assert.That(Description(model.With((key, value))), Is.Not.EqualTo(Description(model)), $"{key} = {value}");
            }
        });
    }

    [TestCaseSource(nameof(Architectures))]
    public void A_missing_key_is_refused_by_name_unless_it_has_a_default(string architecture)
    {
        var model = Model(architecture);
        List<string> required = ["context_length", "embedding_length", "attention.head_count", "attention.layer_norm_rms_epsilon"];
        if (!model.Keys.Any(k => k.Key == "expert_count"))
            required.Add("feed_forward_length");
        required.AddRange(Required.GetValueOrDefault(architecture, []));
        required.Remove(NotRead.GetValueOrDefault(architecture, ""));
        Assert.Multiple(() =>
        {
            foreach (var key in model.Keys.Select(k => k.Key))
            {
                var found = Description(model.With((key, null)));
                if (required.Contains(key))
                    Assert.That(found, Does.StartWith("refused").And.Contains($"{architecture}.{key}"), key);
                // Without it the sizes follow from other keys, and may no longer be those of the tensors.
                else if (!Prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)))
                    Assert.That(found, Does.Not.StartWith("refused"), key);
            }
        });
    }

    [TestCase("llama", "rope.dimension_count", 8, "the head size")]
    [TestCase("gemma2", "attention.sliding_window", 0, "1…")]
    [TestCase("gpt-oss", "attention.sliding_window", 0, "1…")]
    [TestCase("qwen3moe", "expert_group_count", 3, "divisor of expert_count 8")]
    [TestCase("qwen3moe", "expert_group_count", 8, "two in a group")]
    [TestCase("qwen2", "expert_group_count", 2, "0…0")]
    [TestCase("glm4moe", "expert_gating_func", 3, "softmax")]
    [TestCase("glm4moe", "expert_count", 0, "1…")]
    [TestCase("glm4moe", "leading_dense_block_count", 4, "0…3")]
    [TestCase("ernie4_5-moe", "interleave_moe_layer_step", 2, "1…1")]
    [TestCase("llama4", "interleave_moe_layer_step", 0, "1…4")]
    [TestCase("lfm2", "attention.head_count_kv", 2, "some of them 0")]
    [TestCase("lfm2", "attention.head_count_kv", new[] { 2, 2, 2, 2 }, "some of them 0")]
    [TestCase("lfm2", "attention.head_count_kv", new[] { 0, 0, 0, 0 }, "some of them 0")]
    [TestCase("lfm2", "attention.head_count_kv", new[] { 0, 2, 0 }, "4 numbers")]
    [TestCase("lfm2", "attention.head_count_kv", new[] { 0, 2, 0, 1 }, "equal layers")]
    [TestCase("lfm2", "shortconv.l_cache", 1, "2…")]
    [TestCase("qwen3next", "full_attention_interval", 0, "1…")]
    [TestCase("qwen3next", "full_attention_interval", 1, "some of 4 layers with attention and some without")]
    [TestCase("qwen3next", "full_attention_interval", 5, "some of 4 layers with attention and some without")]
    [TestCase("qwen3next", "attention.recurrent_layers", true, "some of 4 layers with attention and some without")]
    [TestCase("qwen3next", "attention.recurrent_layers", new[] { true, false, true }, "4 values")]
    [TestCase("granitehybrid", "ssm.inner_size", 64, "twice embedding_length")]
    [TestCase("granitehybrid", "attention.head_count_kv", 2, "some of them 0")]
    [TestCase("falcon-h1", "ssm.inner_size", 95, "a multiple of ssm.time_step_rank 6")]
    [TestCase("nemotron_h", "feed_forward_length", new[] { 0, 0, 0, 0 }, "some of them 0")]
    [TestCase("nemotron_h", "attention.head_count_kv", new[] { 0, 0, 2, 0 }, "attention alone")]
    [TestCase("nemotron_h_moe", "moe_latent_size", 32, "0…0")]
    [TestCase("nemotron_h_moe", "ssm.inner_size", 12 << 20, "head_size 1048576 must lie")]
    [TestCase("falcon-h1", "ssm.inner_size", 6 << 17, "head_size 131072 must lie")]
    [TestCase("qwen35", "ssm.conv_kernel", 1, "2…")]
    [TestCase("qwen35", "ssm.inner_size", 95, "96, the product")]
    [TestCase("qwen35", "ssm.group_count", 4, "a divisor of ssm.time_step_rank 6")]
    [TestCase("deepseek2", "attention.head_count_kv", 2, "one vector is kept for all heads")]
    [TestCase("deepseek2", "attention.key_length", 39, "40")]
    [TestCase("deepseek2", "attention.value_length", 16, "32")]
    [TestCase("deepseek2", "rope.dimension_count", 40, "2…39")]
    [TestCase("deepseek2", "expert_shared_count", 0, "1…")]
    [TestCase("llama4", "attention.sliding_window", 0, "1…")]
    [TestCase("mistral3", "rope.scaling.original_context_length", 0, "1…")]
    [TestCase("gemma3", "attention.key_length_swa", 12, "as in layers without a window")]
    [TestCase("gemma4", "attention.value_length_swa", 12, "16…16")]
    [TestCase("gemma4", "attention.value_length", 12, "24, as attention.key_length says")]
    [TestCase("gemma4", "attention.sliding_window_pattern", 2, "a list of 6 truth values")]
    [TestCase("gemma4", "attention.sliding_window_pattern", new[] { true, false, true }, "6 values")]
    [TestCase("gemma4", "attention.sliding_window_pattern", new[] { true, true, true, true, true, true }, "all alike")]
    [TestCase("gemma4", "attention.head_count_kv", new[] { 2, 1, 2, 1, 1, 1 }, "1 in layer 4")]
    [TestCase("gemma4", "attention.head_count_kv", new[] { 3, 1, 3, 1, 3, 1 }, "divisors of head_count 4")]
    [TestCase("gemma4", "attention.shared_kv_layers", 5, "the last two of the first 1 layers")]
    [TestCase("gemma4", "attention.shared_kv_layers", 3, "the last two of the first 3 layers")]
    [TestCase("gemma4", "attention.shared_kv_layers", 6, "0…5")]
    [TestCase("gemma4", "feed_forward_length", new[] { 96, 96, 0, 96, 128, 128 }, "6 positive numbers")]
    [TestCase("gemma4", "rope.dimension_count", 16, "the head size")]
    [TestCase("gemma4", "rope.dimension_count_swa", 24, "2…16")]
    [TestCase("gemma4", "rope.dimension_count_swa", 15, "even")]
    [TestCase("gemma4", "attention.sliding_window", 0, "1…")]
    [TestCase("qwen2", "attention.causal", false, "true")]
    [TestCase("llama", "rope.freq_base", float.NaN, "finite")]
    [TestCase("llama", "rope.freq_base", float.PositiveInfinity, "finite")]
    public void A_value_that_is_not_followed_is_refused_by_name(string architecture, string key, object value, string words)
    {
        var refusal = Description(Model(architecture).With((key, value)));
        Assert.That(refusal, Does.StartWith("refused").And.Contains($"{architecture}.{key}").And.Contains(words));
    }

    [Test]
    public void Shared_keys_need_a_layer_of_each_kind_before_them() =>
        Assert.That(
            Description(SeededModels.All["gemma3n-shared"].With(("attention.sliding_window_pattern", 3))),
            Does.StartWith("refused")
                .And.Contains("gemma3n.attention.sliding_window_pattern")
                .And.Contains("a windowed layer and one that sees everything as the last two of the first 20 layers")
        );

    [Test]
    public void A_temperature_of_attention_needs_its_length() =>
        Assert.That(
            Description(Model("mistral4").With(("attention.temperature_scale", 0.5f), ("attention.temperature_length", null))),
            Does.StartWith("refused").And.Contains("mistral4.attention.temperature_length")
        );

    private static IEnumerable<(string Key, object Value)> Read(string architecture) =>
        Everywhere
            .Where(k => Own[architecture].All(own => own.Key != k.Key))
            .Concat(Own[architecture])
            .Where(k => k.Key != NotRead.GetValueOrDefault(architecture, ""));

    private static SeededModel Model(string architecture) =>
        SeededModels
            .All.Values.Where(m => m.Architecture == architecture && !m.Tensors.Contains(".scale", StringComparison.Ordinal))
            .OrderByDescending(m => m.Keys.Any(k => k.Key == "attention.sliding_window"))
            .First();

    // What the model computes, as text; or the refusal.
    private static string Description(SeededModel model)
    {
        var path = Path.Combine(TemporaryFolder.New(), "model.gguf");
        model.Write(path);
        try
        {
            using var opened = ImportedModel.Open(path);
            return YamlText.Write(opened.Graph.Shape) + YamlText.Write(opened.Graph.Traits);
        }
        catch (InputException e)
        {
            return $"refused: {e.Message}";
        }
    }
}
