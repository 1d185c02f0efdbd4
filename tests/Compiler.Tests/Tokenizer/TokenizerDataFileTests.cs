using System.Text;
using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Tokenizer;

[Category("Compiler")]
public sealed class TokenizerDataFileTests
{
    private static TokenizerData Small =>
        SmallVocabularies.SentencePiece("▁", "a\"\\\u0001", "日本", "🚀") with
        {
            Pre = "default",
            ModelName = "a name",
            Architecture = "llama",
            Merges = ["a b"],
            SpecialTokens = new SpecialTokenIds
            {
                Bos = 1,
                Eos = 2,
                FimMiddle = 3,
            },
            AddBos = true,
            AddSpacePrefix = false,
            ChatTemplate = "{{ messages }}\n",
            NamedChatTemplates = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["tool_use"] = "{{ tools }}",
                ["rag"] = "{{ documents }}",
            },
        };

    [Test]
    public void Reading_gives_back_what_was_written()
    {
        var bytes = TokenizerDataFile.Write(Small);
        var copy = TokenizerDataFile.Read(bytes);
        Assert.Multiple(() =>
        {
            Assert.That(TokenizerDataFile.Write(copy), Is.EqualTo(bytes));
            Assert.That(copy.Tokens, Is.EqualTo(Small.Tokens));
            Assert.That(copy.Scores, Is.EqualTo(Small.Scores));
            Assert.That(copy.TokenTypes, Is.EqualTo(Small.TokenTypes));
            Assert.That(copy.Merges, Is.EqualTo(Small.Merges));
            Assert.That(copy.SpecialTokens, Is.EqualTo(Small.SpecialTokens));
            Assert.That(copy.NamedChatTemplates, Is.EquivalentTo(Small.NamedChatTemplates));
            Assert.That((copy.AddBos, copy.AddEos, copy.AddSpacePrefix), Is.EqualTo((Small.AddBos, Small.AddEos, Small.AddSpacePrefix)));
            Assert.That(
                (copy.Model, copy.Pre, copy.ModelName, copy.Architecture, copy.ChatTemplate),
                Is.EqualTo((Small.Model, Small.Pre, Small.ModelName, Small.Architecture, Small.ChatTemplate))
            );
        });
    }

    [Test]
    public void A_saved_real_vocabulary_encodes_as_before()
    {
        using var folder = new TemporaryFolder();
        TokenizerDataFile.Save(GoldenVocabulary.Data("ggml-vocab-gpt-2"), folder.File("tokenizer.json"));
        var copy = TextTokenizer.Create(TokenizerDataFile.Load(folder.File("tokenizer.json")));
        var original = GoldenVocabulary.Tokenizer("ggml-vocab-gpt-2");
        foreach (var text in GoldenVocabulary.Mixed())
            Assert.That(copy.Encode(text, true, true), Is.EqualTo(original.Encode(text, true, true)));
    }

    [Test]
    public void Damaged_files_give_a_tokenizer_or_one_clear_line()
    {
        var good = TokenizerDataFile.Write(Small);
        for (var length = 0; length < good.Length; length += 7)
            ReadOrRefuse(good.AsSpan(0, length).ToArray());
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte)
            .Array[1, 4]
            .Sample(
                changes =>
                {
                    var bytes = (byte[])good.Clone();
                    foreach (var (at, value) in changes)
                        bytes[at] = value;
                    ReadOrRefuse(bytes);
                },
                iter: 800
            );
    }

    [TestCase("""{"format":"other","version":1}""", "'format'")]
    [TestCase("""{"format":"taalas-tokenizer","version":2}""", "'version'")]
    [TestCase("""{"format":"taalas-tokenizer","version":1,"model":"llama"}""", "'tokens'")]
    [TestCase("""{"format":"taalas-tokenizer","version":1,"model":"llama","tokens":[1]}""", "'tokens'")]
    [TestCase("""{"format":"taalas-tokenizer","version":1,"model":"llama","tokens":[],"colour":1}""", "'colour'")]
    [TestCase("""{"format":"taalas-tokenizer","version":1,"model":"llama","tokens":[],"special_tokens":{"bos":-1}}""", "'bos'")]
    [TestCase("""{"format":"taalas-tokenizer","version":1,"model":"llama","tokens":["\ud800"]}""", "Unicode")]
    [TestCase("[[[[[[[[]]]]]]]]", "JSON")]
    public void What_the_file_must_not_hold_is_named(string json, string named) =>
        Assert.That(
            () => TokenizerDataFile.Read(Encoding.UTF8.GetBytes(json)),
            Throws.TypeOf<InputException>().With.Message.Contains(named)
        );

    [Test]
    public void A_bad_special_id_in_a_model_is_reported_and_the_default_kept()
    {
        using var folder = new TemporaryFolder();
        var data = SmallVocabularies.SentencePiece("a");
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        writer.Add("tokenizer.ggml.model", "llama");
        writer.AddArray("tokenizer.ggml.tokens", data.Tokens);
        writer.AddArray("tokenizer.ggml.scores", data.Scores!);
        writer.AddArray("tokenizer.ggml.token_type", data.TokenTypes!);
        writer.Add("tokenizer.ggml.padding_token_id", 4_000_000_000u);
        writer.Save(folder.File("model.gguf"));
        using var file = GgufFile.Open(folder.File("model.gguf"));
        var warnings = new List<string>();
        var tokenizer = TextTokenizer.Create(TokenizerFromGguf.Read(file, warnings.Add)!);
        Assert.Multiple(() =>
        {
            Assert.That(warnings, Has.One.Contains("padding_token_id"));
            Assert.That(tokenizer.BosId, Is.EqualTo(1));
            Assert.That(tokenizer.Encode("a", addSpecial: true, parseSpecial: false)[0], Is.EqualTo(1));
        });
    }

    [TestCase("bos")]
    [TestCase("eos")]
    [TestCase("eot")]
    [TestCase("eom")]
    [TestCase("unknown")]
    public void A_special_id_beyond_the_vocabulary_is_refused(string role)
    {
        using var folder = new TemporaryFolder();
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        writer.Add("tokenizer.ggml.model", "llama");
        writer.AddArray("tokenizer.ggml.tokens", SmallVocabularies.SentencePiece("a").Tokens);
        var count = (uint)SmallVocabularies.SentencePiece("a").Tokens.Length;
        writer.Add($"tokenizer.ggml.{role}_token_id", count);
        writer.Save(folder.File("model.gguf"));
        using var file = GgufFile.Open(folder.File("model.gguf"));
        Assert.That(
            () => TokenizerFromGguf.Read(file),
            Throws.TypeOf<InputException>().With.Message.Contains($"tokenizer.ggml.{role}_token_id: {count} is beyond")
        );
    }

    private static void ReadOrRefuse(byte[] bytes)
    {
        try
        {
            TextTokenizer.Create(TokenizerDataFile.Read(bytes)).Encode("a b", addSpecial: true, parseSpecial: true);
        }
        catch (InputException e)
        {
            Assert.That(e.Message, Does.Not.Contain('\n'));
        }
    }
}
