using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Compiler.Tests.Tokenizer;

/// <summary>Every pre-tokenizer and every reference vocabulary gives llama.cpp's ids for texts that are drawn from a seed.</summary>
[Category("Compiler")]
public sealed class SeededTextTests
{
    private static IEnumerable<string> PreTokenizers => SeededTextDigests.OfPreTokenizer.Keys;

    private static IEnumerable<string> Vocabularies => SeededTextDigests.OfVocabulary.Keys;

    [TestCaseSource(nameof(PreTokenizers))]
    public void Words_are_cut_where_llama_cpp_cuts_them(string pre) =>
        Assert.That(
            Digest(TextTokenizer.Create(SmallVocabularies.ByteLevel(pre, SeededTexts.EveryPair)), special: false),
            Is.EqualTo(SeededTextDigests.OfPreTokenizer[pre])
        );

    [TestCaseSource(nameof(Vocabularies))]
    public void Ids_are_those_of_llama_cpp(string vocabulary) =>
        Assert.That(Digest(GoldenVocabulary.Tokenizer(vocabulary), special: true), Is.EqualTo(SeededTextDigests.OfVocabulary[vocabulary]));

    // Two spell in characters, not bytes; two are younger than the llama.cpp that the digests are from.
    [Test]
    public void Every_byte_level_pre_tokenizer_has_a_digest() =>
        Assert.That(
            SeededTextDigests.OfPreTokenizer.Keys,
            Is.EquivalentTo(PreTokenizer.Names.Where(name => name is not ("gemma4" or "sarvam-moe" or "hy_v4" or "ufakzeka")))
        );

    /// <summary>To take the digests anew with another program: writes texts (a line of hexadecimal UTF-8 each) and vocabularies into the
    /// folder named by <c>TAALAS_SEEDED_TEXTS</c>.</summary>
    [Test, Explicit("writes files for another program")]
    public void Texts_are_written_for_another_program()
    {
        var folder = Environment.GetEnvironmentVariable("TAALAS_SEEDED_TEXTS");
        Assume.That(folder, Is.Not.Null, "TAALAS_SEEDED_TEXTS names no folder");
        File.WriteAllLines(
            Path.Combine(folder!, "texts.hex"),
            SeededTexts.All.Select(text => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)))
        );
        foreach (var pre in PreTokenizer.Names)
        {
            var data = SmallVocabularies.ByteLevel(pre, SeededTexts.EveryPair);
            var writer = new GgufWriter();
            writer.Add("general.architecture", "llama");
            writer.Add("tokenizer.ggml.model", data.Model);
            writer.Add("tokenizer.ggml.pre", pre);
            writer.AddArray("tokenizer.ggml.tokens", data.Tokens);
            writer.AddArray("tokenizer.ggml.token_type", data.TokenTypes!.ToArray());
            writer.AddArray("tokenizer.ggml.merges", data.Merges!);
            writer.Save(Path.Combine(folder!, pre + ".gguf"));
        }
    }

    // FNV-1a over the ids, four bytes each, with −1 after every text.
    private static ulong Digest(TextTokenizer tokenizer, bool special)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var text in SeededTexts.All)
        {
            foreach (var b in MemoryMarshal.AsBytes<int>([.. tokenizer.Encode(text, special, special), -1]))
                hash = (hash ^ b) * 0x100000001B3;
        }
        return hash;
    }
}
