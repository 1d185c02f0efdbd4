using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>
/// Every tensor of a file is read or refused: each kind is dropped and added in every architecture. What is optional is taken from
/// llama.cpp's loader (load_arch_tensors of each architecture, create_tensor_qkv).
/// </summary>
[Category("Compiler")]
public sealed class TensorInventoryTests
{
    private static readonly string[] Qkv = ["attn_q.bias", "attn_k.bias", "attn_v.bias"];
    private static readonly string[] FeedForward = ["ffn_gate.bias", "ffn_up.bias", "ffn_down.bias"];
    private static readonly string[] Llama = [.. Qkv, "attn_output.bias", .. FeedForward, "rope_freqs.weight", "output.weight"];

    private static readonly Dictionary<string, string[]> Optional = new(StringComparer.Ordinal)
    {
        ["llama"] = Llama,
        ["mistral3"] = Llama,
        ["qwen2"] = [.. Qkv, "output.bias", "output.weight"],
        ["qwen2moe"] = Qkv,
        ["qwen3"] = [.. Qkv, "output.weight"],
        ["qwen3moe"] = [.. Qkv, "output.weight"],
        ["gemma2"] = Qkv,
        ["gemma3"] = [.. Qkv, "output.weight"],
        ["gemma3n"] = ["output.weight"],
        ["gemma4"] = ["layer_output_scale.weight", "output.weight"],
        ["phi3"] = [.. Qkv, "output.weight"],
        ["gpt-oss"] = Qkv,
        ["olmo2"] = Qkv,
        ["llada"] = ["attn_output.bias", .. FeedForward, "rope_freqs.weight", "output.weight"],
        ["dream"] = [.. Qkv, "output.bias", "output.weight"],
        ["gemma"] = Qkv,
        ["olmoe"] = Qkv,
        ["granite"] = Llama,
        ["granitemoe"] = [.. Qkv, "attn_output.bias", "rope_freqs.weight", "output.weight"],
        ["smollm3"] = [.. Qkv, "output.weight"],
        ["exaone4"] = [.. Qkv, "rope_freqs.weight", "output.weight"],
        ["seed_oss"] = [.. Qkv, "output.weight"],
        ["cohere2"] = Qkv,
        ["qwen2vl"] = [.. Qkv, "output.bias", "output.weight"],
        ["qwen3vl"] = [.. Qkv, "output.weight"],
        ["glm4moe"] = [.. Qkv, "attn_q_norm.weight", "attn_k_norm.weight", "output.weight"],
        ["minimax-m2"] = Qkv,
        ["ernie4_5"] = [.. Qkv, "attn_output.bias", "output.weight"],
        ["ernie4_5-moe"] = [.. Qkv, "attn_output.bias", "exp_probs_b.bias", "output.weight"],
        ["hunyuan-dense"] = [.. Qkv, "output.weight"],
        ["hunyuan-moe"] = [.. Qkv, "output.weight"],
        ["lfm2"] = [.. Qkv, "output.weight"],
        ["lfm2moe"] = [.. Qkv, "output.weight"],
        ["qwen3next"] = [.. Qkv, "output.weight"],
        ["qwen35"] = [.. Qkv, "output.weight"],
        ["qwen35moe"] = [.. Qkv, "output.weight"],
        // llama.cpp loads Mamba-2 without the bias of its convolution, and then reads it.
        ["granitehybrid"] = Llama,
        ["falcon-h1"] = [.. Llama, "ssm_norm.weight"],
        ["nemotron_h"] = [.. Qkv, "attn_output.bias", "output.weight"],
        ["nemotron_h_moe"] = [.. Qkv, "attn_output.bias", "output.weight"],
        ["deepseek2"] = ["exp_probs_b.bias", "output.weight"],
        ["mistral4"] = ["exp_probs_b.bias", "output.weight"],
        ["llama4"] = [.. Qkv, "rope_freqs.weight", "output.weight"],
    };

    // One model of each architecture, without factors of NVFP4, which go with their matrices.
    private static IEnumerable<string> Models() =>
        SeededModels
            .All.Where(pair => !pair.Value.Tensors.Contains(".scale", StringComparison.Ordinal))
            .GroupBy(pair => pair.Value.Architecture, StringComparer.Ordinal)
            .Select(group => group.First().Key);

    [TestCaseSource(nameof(Models))]
    public void A_tensor_that_is_missing_is_refused_unless_it_is_optional(string name)
    {
        var model = SeededModels.All[name];
        Assert.Multiple(() =>
        {
            foreach (var line in Lines(model))
            {
                var tensor = line.Split(' ')[0];
                // The last layer alone lacks it.
                var lacking = model.Without(tensor);
                string[] names = [.. model.Names(tensor)];
                foreach (var kept in names[..^1])
                    lacking = lacking.And(line.Replace(tensor, kept, StringComparison.Ordinal));
                var dropped = names[^1];
                var refusal = Refusal(lacking);
                if (Optional[model.Architecture].Contains(Bare(tensor)))
                    Assert.That(refusal, Is.Null, tensor);
                else
                    Assert.That(refusal, Does.Contain($"{dropped}"), tensor);
            }
        });
    }

    [TestCaseSource(nameof(Models))]
    public void A_tensor_that_nobody_reads_is_refused_by_name(string name)
    {
        var model = SeededModels.All[name];
        var own = Lines(model).Select(line => Bare(line.Split(' ')[0])).ToHashSet(StringComparer.Ordinal);
        var others = SeededModels
            .All.Values.SelectMany(Lines)
            .Select(line => line.Split(' ')[0])
            .Where(tensor => !tensor.Contains("scale", StringComparison.Ordinal))
            .Append("blk.*.attn_rot_embd")
            .Append("blk.*.attn_norm.bias")
            .Append("extra.weight")
            .Append("blk.x.attn_q.weight")
            .Append("blk.9.attn_q.weight")
            .Append("rope_factors_middle.weight")
            // A tensor of some layers comes in the second.
            .Select(tensor => OfSomeLayers(tensor) ? "blk.1." + Bare(tensor) : tensor)
            .Distinct(StringComparer.Ordinal)
            .Where(tensor => !own.Contains(Bare(tensor)) || tensor.StartsWith("blk.9.", StringComparison.Ordinal))
            .ToList();
        Assert.Multiple(() =>
        {
            Assert.That(others, Has.Count.GreaterThan(8));
            foreach (var tensor in others)
            {
                // A pair of rope factors belongs to some architectures; here each comes alone.
                var refusal = Refusal(model.And($"{tensor} d"));
                if (IsOptional(model, Bare(tensor)) && !tensor.StartsWith("blk.9.", StringComparison.Ordinal))
                    Assert.That(refusal, Is.Null.Or.Contain("expected"), tensor);
                else if (Bare(tensor) is "attn_qkv.weight" or "attn_qkv.bias" or "rope_factors_long.weight" or "rope_factors_short.weight")
                    Assert.That(refusal, Is.Not.Null, tensor);
                else
                    Assert.That(refusal, Does.Contain(tensor), tensor);
            }
        });
    }

    [TestCase("qwen3next-f32", "blk.1.attn_q.bias 2q", null)]
    [TestCase("qwen3next-f32", "blk.0.attn_q.bias 2q", "blk.0.attn_q.bias")]
    [TestCase("qwen35-f32", "blk.2.attn_k.bias k", "blk.2.attn_k.bias")]
    // llama.cpp has no factors of these matrices, or leaves them out.
    [TestCase("qwen3next-f32", "blk.0.attn_qkv.scale o", "blk.0.attn_qkv.scale")]
    [TestCase("qwen3next-f32", "blk.0.ssm_out.scale o", "blk.0.ssm_out.scale")]
    [TestCase("qwen3next-f32", "blk.1.attn_q.scale o", null)]
    [TestCase("nemotron_h-f32", "blk.2.ffn_up.bias f", null)]
    [TestCase("nemotron_h-f32", "blk.0.ffn_up.bias f", "blk.0.ffn_up.bias")]
    [TestCase("nemotron_h-f32", "blk.2.ffn_gate.bias f", "blk.2.ffn_gate.bias")]
    [TestCase("nemotron_h_moe-f32", "blk.2.ffn_up_exps.scale e", null)]
    [TestCase("nemotron_h_moe-f32", "blk.2.ffn_gate_exps.scale e", "blk.2.ffn_gate_exps.scale")]
    [TestCase("nemotron_h_moe-f32", "blk.2.ffn_latent_down.weight d x", "blk.2.ffn_latent_down.weight")]
    [TestCase("granitehybrid-f32", "blk.0.attn_output.bias d", "blk.0.attn_output.bias")]
    public void Tensors_of_attention_and_factors_belong_to_their_layers(string name, string tensor, string? refused) =>
        Assert.That(
            Refusal(SeededModels.All[name].And(tensor)),
            refused is null ? Is.Null : Does.Contain($"tensor '{refused}' is not part of a model")
        );

    [TestCase("qwen2", "attn_k.bias", "k")]
    [TestCase("qwen3", "attn_v.bias", "k")]
    [TestCase("llama", "attn_q.bias", "q")]
    [TestCase("llama", "attn_output.bias", "d")]
    [TestCase("llama", "ffn_gate.bias", "f")]
    [TestCase("llama", "ffn_down.bias", "d")]
    [TestCase("gemma2", "attn_q.bias", "q")]
    public void A_bias_of_one_layer_is_used_there_alone(string architecture, string bias, string size)
    {
        var model = SeededModels.All.Values.First(m => m.Architecture == architecture);
        model = model.Without([.. Qkv.Concat(FeedForward).Append("attn_output.bias").Select(name => "blk.*." + name)]);
        using var opened = Open(model.And($"blk.1.{bias} {size}"));
        Assert.That(
            MatrixList.Vectors(opened.Graph).Select(vector => vector.Name).Where(name => name.EndsWith(".bias", StringComparison.Ordinal)),
            Is.EqualTo((string[])[$"blk.1.{bias}"])
        );
    }

    // blk.*. and blk.1-3., and the layers that a model of a few has.
    private static bool OfSomeLayers(string tensor) =>
        tensor.StartsWith("blk.", StringComparison.Ordinal) && tensor.AsSpan(4, tensor.IndexOf('.', 4) - 4) is not ("9" or "x" or "64");

    // Biases of single projections belong to a file that has single projections.
    private static bool IsOptional(SeededModel model, string bare) =>
        Optional[model.Architecture].Contains(bare)
        && !(
            Qkv.Contains(bare)
            && model.Tensors.Contains("attn_qkv.weight", StringComparison.Ordinal)
            && !model.Tensors.Contains("attn_q.weight", StringComparison.Ordinal)
        );

    private static IEnumerable<string> Lines(SeededModel model) =>
        model.Tensors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Bare(string tensor) =>
        tensor.StartsWith("blk.", StringComparison.Ordinal) ? tensor[(tensor.IndexOf('.', 4) + 1)..] : tensor;

    private static ImportedModel Open(SeededModel model)
    {
        var path = Path.Combine(TemporaryFolder.New(), "model.gguf");
        model.Write(path);
        return ImportedModel.Open(path);
    }

    private static string? Refusal(SeededModel model)
    {
        try
        {
            Open(model).Dispose();
            return null;
        }
        catch (InputException e)
        {
            return e.Message;
        }
    }
}
