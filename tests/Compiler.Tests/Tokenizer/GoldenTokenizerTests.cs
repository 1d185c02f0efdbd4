using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Tests.Support;

namespace TaalasSim.Compiler.Tests.Tokenizer;

/// <summary>Ids equal to llama.cpp's, recorded in the reference data.</summary>
[Category("Compiler")]
public sealed class GoldenTokenizerTests
{
    private static readonly string[] Vocabularies =
    [
        "ggml-vocab-bert-bge", "ggml-vocab-deepseek-coder", "ggml-vocab-deepseek-llm", "ggml-vocab-falcon", "ggml-vocab-gpt-2",
        "ggml-vocab-llama-spm", "ggml-vocab-phi-3", "ggml-vocab-starcoder", "vocab-qwen3", "stories260K",
    ];

    private static IEnumerable<string> WithPairs => Vocabularies.Where(name => name != "stories260K");

    [TestCaseSource(nameof(WithPairs))]
    public void Every_recorded_text_gives_the_recorded_ids(string name)
    {
        var tokenizer = GoldenVocabulary.Tokenizer(name);
        var pairs = GoldenVocabulary.Pairs(name == "vocab-qwen3" ? "ggml-vocab-qwen2.gguf" : name + ".gguf").ToArray();
        Assert.That(pairs, Has.Length.EqualTo(47));
        Assert.Multiple(() =>
        {
            foreach (var (text, ids) in pairs)
                Assert.That(tokenizer.Encode(text, addSpecial: false, parseSpecial: false), Is.EqualTo(ids), text);
        });
    }

    [TestCaseSource(nameof(Vocabularies))]
    public void Awkward_texts_give_the_recorded_ids_in_both_modes(string name)
    {
        var tokenizer = GoldenVocabulary.Tokenizer(name);
        var texts = GoldenVocabulary.Mixed();
        var expected = GoldenVocabulary.MixedIds(name);
        var story = File.ReadAllText(Shared.Path("golden/story.txt"));
        Assert.Multiple(() =>
        {
            for (var i = 0; i < texts.Length; i++)
            {
                Assert.That(tokenizer.Encode(texts[i], false, false), Is.EqualTo(Ids(expected.GetProperty("mixed")[i])), texts[i]);
                Assert.That(tokenizer.Encode(texts[i], true, true), Is.EqualTo(Ids(expected.GetProperty("mixed_parse_special")[i])), texts[i]);
            }
            Assert.That(tokenizer.Encode(story, false, false), Is.EqualTo(Ids(expected.GetProperty("story"))));
            var start = Ids(expected.GetProperty("story_with_special"));
            Assert.That(tokenizer.Encode(story, true, true)[..start.Length], Is.EqualTo(start));
        });
    }

    private static int[] Ids(JsonElement array) => [.. array.EnumerateArray().Select(id => id.GetInt32())];
}
