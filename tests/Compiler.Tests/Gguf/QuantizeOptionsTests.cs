using System.Security.Cryptography;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Gguf.Rewrite;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Gguf;

/// <summary>llama-quantize's options: files of the plain types are its files, byte for byte.</summary>
[TestFixture, Category("Compiler")]
public sealed class QuantizeOptionsTests
{
    private readonly TemporaryFolder _folder = new();

    private static string Stories => Shared.InRepo("tests/golden/stories260K/stories260K-f32.gguf");

    // Rows of 172 hold no blocks.
    private static readonly TensorTypeRule Down = TensorTypeRule.Parse("ffn_down=f16");

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("f16")]
    [TestCase("bf16")]
    [TestCase("q8_0")]
    [TestCase("q4_0")]
    [TestCase("q4_1")]
    [TestCase("q5_0")]
    [TestCase("q5_1")]
    public void A_file_of_a_plain_type_is_that_of_llama_quantize(string type) =>
        Assert.That(
            File.ReadAllBytes(Written(Options(type) with { TensorTypes = [Down] })),
            Is.EqualTo(File.ReadAllBytes(Shared.Path($"golden/stories260K/stories260K-{type}.gguf")))
        );

    // Digests (SHA-256) of what llama-quantize of commit 3f545bec writes with the same options.
    private static IEnumerable<TestCaseData> Runs() =>
        [
            new(
                Options("q4_0") with
                {
                    TensorTypes = [Down],
                    EmbeddingType = CodeFormats.Named("q5_1"),
                },
                "b9c951eb440a22a960f71e8a5f4749d96d27b65ba32943b94e6bb08a44fd7685"
            ),
            new(
                Options("q4_0") with
                {
                    TensorTypes = [Down],
                    OutputType = CodeFormats.Named("q5_0"),
                },
                "2ff6cc405155433ff11fe9fba2000d1ac3d1ffe4b985761178197bbfa95c873d"
            ),
            new(
                Options("q8_0") with
                {
                    TensorTypes = [Down],
                    Overrides =
                    [
                        KeyOverride.Parse("llama.context_length=int:99"),
                        KeyOverride.Parse("general.name=str:Tiny"),
                        KeyOverride.Parse("my.flag=bool:true"),
                        KeyOverride.Parse("my.x=float:1.5"),
                    ],
                },
                "a8e353043793ad7011ed43a95b83bdd913807f032c8482320194d7fff642e689"
            ),
            new(
                Options("q5_0") with
                {
                    Pure = true,
                    TensorTypes = [Down, TensorTypeRule.Parse("attn_(q|k)=q4_1"), TensorTypeRule.Parse("ATTN=Q5_1")],
                },
                "b2fd0a49a0b17b5b571f817b792cc086a40807134151a77006bceb4dcbd5e5d4"
            ),
        ];

    [TestCaseSource(nameof(Runs))]
    public void A_file_with_options_is_that_of_llama_quantize(RewriteOptions options, string digest) =>
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Written(options)))), Is.EqualTo(digest));

    [Test]
    public void An_output_matrix_can_stay_as_it_is()
    {
        var source = _folder.File("untied.gguf");
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        foreach (var name in (string[])["token_embd.weight", "output.weight", "blk.0.ffn_up.weight"])
            writer.AddTensor(name, CodeFormats.Named("f32"), [32, 2], new byte[256]);
        writer.Save(source);
        using var written = GgufFile.Open(Written(Options("q8_0") with { LeaveOutput = true }, source));
        Assert.That(
            written.Tensors.Select(t => (t.Name, t.Type.Name)),
            Is.EqualTo(new[] { ("output.weight", "f32"), ("token_embd.weight", "q8_0"), ("blk.0.ffn_up.weight", "q8_0") })
        );
    }

    // llama-quantize of that commit names them so and writes the data of other layers: it reads them by the new names.
    [TestCase("0", "1,2,3,4")]
    [TestCase("4,1", "0,2,3")]
    [TestCase("1,2,3,1", "0,4")]
    public void Layers_behind_those_left_out_move_up(string pruned, string kept)
    {
        using var source = GgufFile.Open(Stories);
        using var written = GgufFile.Open(Written(Options("f16") with { PruneLayers = LayerList.Parse(pruned) }));
        int[] layers = [.. kept.Split(',').Select(int.Parse)];
        Assert.Multiple(() =>
        {
            Assert.That(written.Metadata.Get<uint>("llama.block_count"), Is.EqualTo(layers.Length));
            Assert.That(written.Tensors, Has.Count.EqualTo(2 + (9 * layers.Length)));
            for (var layer = 0; layer < layers.Length; layer++)
                Assert.That(
                    Row(written, $"blk.{layer}.attn_norm.weight"),
                    Is.EqualTo(Row(source, $"blk.{layers[layer]}.attn_norm.weight"))
                );
        });
    }

    [Test]
    public void A_dry_run_tells_sizes_and_writes_nothing()
    {
        using var source = GgufFile.Open(Stories);
        var path = _folder.File("dry.gguf");
        var options = Options("q4_0") with { TensorTypes = [Down] };
        var dry = RewriteGguf.Write(source, path, options with { DryRun = true });
        Assert.That(File.Exists(path), Is.False);
        var real = RewriteGguf.Write(source, path, options);
        Assert.Multiple(() =>
        {
            Assert.That(dry.Tensors.Select(t => (t.Name, t.To, t.Bytes)), Is.EqualTo(real.Tensors.Select(t => (t.Name, t.To, t.Bytes))));
            Assert.That(dry.Tensors.Select(t => t.RelativeError), Is.All.Null);
        });
    }

    [TestCase("attn_q", "PATTERN=TYPE")]
    [TestCase("=q8_0", "PATTERN=TYPE")]
    [TestCase("attn_q=", "unknown type")]
    [TestCase("attn_q=rom4", "unknown type")]
    [TestCase("attn_(q=q8_0", "no regular expression")]
    public void A_rule_for_types_is_checked(string text, string words) =>
        Assert.That(() => TensorTypeRule.Parse(text), Throws.TypeOf<InputException>().With.Message.Contain(words));

    [TestCase("key", "KEY=TYPE:VALUE")]
    [TestCase("=int:3", "KEY=TYPE:VALUE")]
    [TestCase("k=3", "KEY=TYPE:VALUE")]
    [TestCase("k=int:-3", "whole number")]
    [TestCase("k=int:4294967296", "whole number")]
    [TestCase("k=float:nan", "a number")]
    [TestCase("k=float:1,5", "a number")]
    [TestCase("k=bool:yes", "true or false")]
    [TestCase("k=long:3", "TYPE int")]
    [TestCase("general.alignment=int:64", "follows from the file")]
    public void A_key_is_checked(string text, string words) =>
        Assert.That(() => KeyOverride.Parse(text), Throws.TypeOf<InputException>().With.Message.Contain(words));

    [TestCase("5", "no layer 5")]
    [TestCase("0,1,2,3,4", "would be left")]
    public void Layers_left_out_must_be_there_and_leave_some(string layers, string words) =>
        Assert.That(
            () => Written(Options("f16") with { PruneLayers = LayerList.Parse(layers) }),
            Throws.TypeOf<InputException>().With.Message.Contain(words)
        );

    [TestCase("")]
    [TestCase("1,,2")]
    [TestCase("-1")]
    [TestCase("1;2")]
    public void A_list_of_layers_is_checked(string layers) =>
        Assert.That(() => LayerList.Parse(layers), Throws.TypeOf<InputException>().With.Message.Contain("--prune-layers"));

    [Test]
    public void A_type_that_does_not_fit_its_rows_is_refused_by_name() =>
        Assert.That(
            () => Written(Options("q8_0") with { EmbeddingType = CodeFormats.Named("q4_k") }),
            Throws.TypeOf<InputException>().With.Message.Contain("--token-embedding-type q4_k").And.Message.Contain("token_embd.weight")
        );

    private string Written(RewriteOptions options, string? source = null)
    {
        using var file = GgufFile.Open(source ?? Stories);
        var path = _folder.File($"{Guid.NewGuid():N}.gguf");
        RewriteGguf.Write(file, path, options);
        return path;
    }

    private static float[] Row(GgufFile file, string name)
    {
        var tensor = file.Tensors.Single(t => t.Name == name);
        var row = new float[tensor.RowLength];
        tensor.DecodeRow(0, row);
        return row;
    }

    private static RewriteOptions Options(string type) => new() { Type = FileType.Named(type) };
}
