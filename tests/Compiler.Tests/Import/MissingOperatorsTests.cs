using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Import;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Import;

/// <summary>A model that cannot be compiled says what it would need.</summary>
[Category("Compiler")]
public sealed class MissingOperatorsTests
{
    // Tensors of these architectures as llama.cpp names them.
    [TestCase("kimi-linear", "blk.0.ssm_f_a.weight blk.0.ssm_a blk.0.ssm_conv1d_q.weight", "Kimi delta attention ('blk.0.ssm_f_a.weight')")]
    [TestCase(
        "jamba",
        "blk.0.attn_q.weight blk.1.ssm_x.weight blk.1.ssm_a",
        "missing operators: selective scan of Mamba 1 ('blk.1.ssm_x.weight');"
    )]
    [TestCase("plamo2", "blk.0.ssm_in.weight blk.0.ssm_a", "how they are joined is not described")]
    [TestCase("rwkv7", "blk.0.time_mix_w0.weight blk.0.channel_mix_key.weight", "RWKV time mixing ('blk.0.time_mix_w0.weight')")]
    [TestCase("bitnet", "blk.0.attn_sub_norm.weight blk.0.ffn_sub_norm.weight", "norms inside attention and feed-forward ('blk.0.attn")]
    [TestCase("bert", "position_embd.weight token_types.weight", "learned positions ('position_embd.weight'), token types")]
    [TestCase("deepseek32", "blk.0.indexer.k_norm.weight", "sparse attention indexer")]
    [TestCase("arcee", "blk.0.attn_q.weight", "how they are joined is not described")]
    public void Operators_are_named_by_the_tensors_that_need_them(string architecture, string tensors, string words)
    {
        var path = Path.Combine(TemporaryFolder.New(), "model.gguf");
        var writer = new GgufWriter();
        writer.Add("general.architecture", architecture);
        foreach (var name in tensors.Split(' '))
            writer.AddTensor(name, CodeFormats.Named("f32"), [4], new byte[16]);
        writer.Save(path);
        var fault = Assert.Throws<InputException>(() => ImportedModel.Open(path).Dispose())!;
        Assert.That(
            fault.Message,
            Does.Contain($"architecture '{architecture}' is not supported").And.Contains(words).And.Not.Contains('\n')
        );
    }
}
