using System.Text;
using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Compiler.Tests.Tokenizer;

/// <summary>Token texts are bytes: different bytes are different texts, before and after the file.</summary>
[TestFixture, Category("Compiler")]
public sealed class TokenBytesTests
{
    [Test]
    public void Any_bytes_come_back() =>
        Gen.Byte.Array[0, 12].Sample(bytes => TokenBytes.Of(TokenBytes.ToText(bytes)).AsSpan().SequenceEqual(bytes), iter: 20_000);

    [Test]
    public void Different_bytes_are_different_texts() =>
        Gen.Select(Gen.Byte[0x70, 0xFF].Array[1, 4], Gen.Byte[0x70, 0xFF].Array[1, 4])
            .Sample(
                pair => pair.Item1.AsSpan().SequenceEqual(pair.Item2) == (TokenBytes.ToText(pair.Item1) == TokenBytes.ToText(pair.Item2)),
                iter: 20_000
            );

    [TestCase("plain")]
    [TestCase("▁日本")]
    [TestCase("💀")] // Its low surrogate lies in the range of the escapes.
    [TestCase("�")]
    [TestCase("")]
    public void Characters_stay_as_they_are(string text) =>
        Assert.Multiple(() =>
        {
            Assert.That(TokenBytes.ToText(Encoding.UTF8.GetBytes(text)), Is.EqualTo(text));
            Assert.That(TokenBytes.IsText(text), Is.True);
            Assert.That(TokenBytes.Readable(text), Is.EqualTo(text));
        });

    [TestCase("llama")]
    [TestCase("gpt2")]
    public void Tokens_of_bytes_load_and_keep_their_bytes(string model)
    {
        byte[] odd = [0xFF, 0xFE],
            swapped = [0xFE, 0xFF],
            skull = [0x80];
        string[] tokens = [.. ((byte[][])[odd, swapped, skull, [0xF0, 0x9F, 0x92]]).Select(bytes => TokenBytes.ToText(bytes))];
        var data =
            model == "llama"
                ? SmallVocabularies.SentencePiece(["a", "💀", .. tokens])
                : SmallVocabularies.ByteLevel("gpt-2", [], tokens) with
                {
                    TokenTypes = null,
                };
        var written = TokenizerDataFile.Write(data);
        var copy = TokenizerDataFile.Read(written);
        var tokenizer = TextTokenizer.Create(copy);
        var id = Array.IndexOf(data.Tokens, tokens[0]);
        Assert.Multiple(() =>
        {
            Assert.That(copy.Tokens, Is.EqualTo(data.Tokens));
            Assert.That(TokenizerDataFile.Write(copy), Is.EqualTo(written));
            if (model == "llama")
                Assert.That(tokenizer.Piece(id).ToArray(), Is.EqualTo(odd));
            else
                // What llama.cpp's token_to_piece gives for bytes outside the alphabet: a mark for each, with the token's own bytes.
                Assert.That(
                    tokenizer.Piece(id).ToArray(),
                    Is.EqualTo((byte[])[.. "[UNK_BYTE_0xefbfbd"u8, .. odd, .. "]"u8, .. "[UNK_BYTE_0xefbfbd"u8, .. odd, .. "]"u8])
                );
            Assert.That(tokenizer.TokenText(id), Is.EqualTo("��"));
            Assert.That(
                tokenizer
                    .Encode("a💀a", addSpecial: false, parseSpecial: true)
                    .Intersect(tokens.Select(t => Array.IndexOf(data.Tokens, t))),
                Is.Empty
            );
        });
    }

    [Test]
    public void Equal_bytes_are_refused_with_both_ids() =>
        Assert.That(
            () => TextTokenizer.Create(SmallVocabularies.SentencePiece("a", TokenBytes.ToText([0xFF]), TokenBytes.ToText([0xFF]))),
            Throws.TypeOf<InputException>().With.Message.Match("tokens \\d+ and \\d+ have the same text")
        );
}
