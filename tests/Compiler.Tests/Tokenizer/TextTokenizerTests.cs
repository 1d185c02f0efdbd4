using System.Text;
using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Tokenizer;

[Category("Compiler")]
public sealed class TextTokenizerTests
{
    private const string Frequent = " \n\r\t's1\u3000\uD83D\uDE80\uDC00";

    // UTF-16 units of every kind, lone surrogates too, with white space, digits and apostrophes often enough to matter.
    private static readonly Gen<string> AnyText = Gen.OneOf(
            Gen.Char,
            Gen.Char['\u0000', '\u007F'],
            Gen.Int[0, Frequent.Length - 1].Select(i => Frequent[i])
        )
        .Array[0, 60]
        .Select(chars => new string(chars));

    private static IEnumerable<string> PreTokenizerNames => PreTokenizer.Names;

    [TestCaseSource(nameof(PreTokenizerNames))]
    public void Byte_level_decoding_inverts_encoding_for_any_text(string pre)
    {
        if (pre is "gemma4" or "sarvam-moe")
            Assert.Pass("spells in characters, not bytes");
        var tokenizer = TextTokenizer.Create(SmallVocabularies.ByteLevel(pre, ["Ġ t", "h e", "Ġt he", "1 2"]));
        AnyText.Sample(
            text =>
            {
                var wellFormed = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
                return tokenizer.Decode(tokenizer.Encode(text, addSpecial: false, parseSpecial: false)) == wellFormed;
            },
            iter: 300
        );
    }

    [Test]
    public void Sentence_piece_decoding_inverts_encoding_for_any_text_without_the_space_mark()
    {
        var tokenizer = TextTokenizer.Create(SmallVocabularies.SentencePiece("▁", "h", "e", "he", "▁he", "日"));
        AnyText.Sample(
            text =>
            {
                var wellFormed = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('▁', '_');
                return tokenizer.Decode(tokenizer.Encode(wellFormed, addSpecial: true, parseSpecial: false)) == wellFormed;
            },
            iter: 2000
        );
    }

    [Test]
    public void Real_vocabularies_give_back_any_text()
    {
        foreach (var name in (string[])["ggml-vocab-gpt-2", "vocab-qwen3"])
        {
            var tokenizer = GoldenVocabulary.Tokenizer(name);
            AnyText.Sample(
                text =>
                    tokenizer.Decode(tokenizer.Encode(text, addSpecial: false, parseSpecial: false))
                    == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)),
                iter: 1000
            );
        }
    }

    [Test]
    public void Merges_go_by_rank_and_ties_to_the_left()
    {
        // "abab": "a b" has rank 0, so ab+ab; then "ab a" does not apply. "aaa" joins its left pair.
        var data = SmallVocabularies.ByteLevel("gpt-2", ["a b", "b a", "a a"]);
        var tokenizer = TextTokenizer.Create(data);
        Assert.Multiple(() =>
        {
            Assert.That(Texts(tokenizer, "abab"), Is.EqualTo(new[] { "ab", "ab" }));
            Assert.That(Texts(tokenizer, "bab"), Is.EqualTo(new[] { "b", "ab" }));
            Assert.That(Texts(tokenizer, "aaa"), Is.EqualTo(new[] { "aa", "a" }));
        });
    }

    [Test]
    public void Sentence_piece_joins_the_highest_score_first_and_spells_the_rest_in_bytes()
    {
        // Scores fall with the id: "bc" wins over "ab", so "abc" is a, bc; é is two byte tokens.
        var tokenizer = TextTokenizer.Create(SmallVocabularies.SentencePiece("▁", "a", "b", "c", "bc", "ab"));
        Assert.Multiple(() =>
        {
            Assert.That(Texts(tokenizer, "abc"), Is.EqualTo(new[] { "▁", "a", "bc" }));
            Assert.That(Texts(tokenizer, "é"), Is.EqualTo(new[] { "▁", "<0xC3>", "<0xA9>" }));
        });
    }

    [TestCase("1234567", "llama-bpe", "123|456|7")]
    [TestCase("1234567", "qwen2", "1|2|3|4|5|6|7")]
    [TestCase("1234567", "gpt-2", "1234567")]
    [TestCase("don't DON'T", "gpt-2", "don|'t| DON|'|T")]
    [TestCase("don't DON'T", "llama-bpe", "don|'t| DON|'T")]
    [TestCase("helloWorld HTTPServer", "gpt-4o", "hello|World| HTTPServer")]
    [TestCase("it's", "gpt-4o", "it's")]
    [TestCase("it's", "tekken", "it|'s")]
    [TestCase("a  b\n\n c", "llama-bpe", "a| | b|\n\n| c")]
    [TestCase("#include 中文かな12345", "deepseek-v3", "#include| |中文かな|123|45")]
    [TestCase("12345", "default", "123|45")]
    [TestCase("漢字word", "kimi-k2", "漢字|word")]
    [TestCase("𐐀𐐁 x", "gpt-2", "𐐀𐐁| x")]
    [TestCase("हिन्दी", "qwen35", "हिन्दी")]
    [TestCase("हिन्दी", "qwen2", "ह|िन|्द|ी")]
    public void Pre_tokenizers_cut_where_their_patterns_say(string text, string pre, string words)
    {
        var cuts = PreTokenizer.Named(pre).Split(text).Select(range => text[range]);
        Assert.That(string.Join('|', cuts), Is.EqualTo(words));
    }

    [Test]
    public void An_unknown_pre_tokenizer_is_named_in_the_error() =>
        Assert.That(
            () => TextTokenizer.Create(SmallVocabularies.ByteLevel("gpt-9", [])),
            Throws.TypeOf<InputException>().With.Message.Contains("'gpt-9'")
        );

    [TestCase("t5")]
    [TestCase("rwkv")]
    public void An_unknown_kind_is_named_in_the_error(string model) =>
        Assert.That(
            () => TextTokenizer.Create(SmallVocabularies.Empty(model) with { Tokens = ["a"] }),
            Throws.TypeOf<InputException>().With.Message.Contains($"'{model}'")
        );

    [Test]
    public void Contradictions_are_refused_with_the_key_to_mend()
    {
        var good = SmallVocabularies.SentencePiece("a", "b");
        var faults = new (string Key, TokenizerData Data)[]
        {
            ("tokenizer.ggml.scores", good with { Scores = [1] }),
            ("tokenizer.ggml.scores", good with { Scores = [.. good.Scores!.Select(_ => float.NaN)] }),
            ("tokenizer.ggml.token_type", good with { TokenTypes = [1] }),
            ("tokenizer.ggml.merges", SmallVocabularies.ByteLevel("gpt-2", []) with { Merges = null }),
            ("tokenizer.ggml.tokens", good with { Tokens = [] }),
            ("tokenizer.ggml.tokens", good with { Tokens = [.. good.Tokens[..^1], new string('x', TokenizerData.LongestTokenText + 1)] }),
            ("same text", good with { Tokens = [.. good.Tokens[..^1], "a"] }),
            ("</s>", good with { ModelName = "Phi-3 mini", Tokens = [.. good.Tokens.Select(t => t == "</s>" ? "<end>" : t)] }),
        };
        Assert.Multiple(() =>
        {
            foreach (var (key, data) in faults)
                Assert.That(() => TextTokenizer.Create(data), Throws.TypeOf<InputException>().With.Message.Contains(key));
        });
    }

    [Test]
    public void Special_tokens_are_read_only_on_request_and_the_longest_wins()
    {
        var tokenizer = TextTokenizer.Create(SmallVocabularies.ByteLevel("gpt-2", [], "<|a|>", "<|a|><|b|>"));
        Assert.Multiple(() =>
        {
            Assert.That(Texts(tokenizer, "x<|a|><|b|><|a|>y", parse: true), Is.EqualTo(new[] { "x", "<|a|><|b|>", "<|a|>", "y" }));
            Assert.That(Texts(tokenizer, "<|a|>"), Has.Length.EqualTo(5));
        });
    }

    [Test]
    public void A_phi3_name_makes_special_tokens_swallow_the_white_space_after_them()
    {
        var data = SmallVocabularies.SentencePiece("▁", "a", "<|endoftext|>", "<|end|>") with { AddSpacePrefix = false };
        data = data with { TokenTypes = [.. data.TokenTypes![..^2], 3, 3] };
        var plain = TextTokenizer.Create(data);
        var phi = TextTokenizer.Create(data with { ModelName = "My PHI3 tune" });
        Assert.Multiple(() =>
        {
            Assert.That(Texts(plain, "<|end|> \na", parse: true), Is.EqualTo(new[] { "<|end|>", "▁", "<0x0A>", "a" }));
            Assert.That(Texts(phi, "<|end|> \na", parse: true), Is.EqualTo(new[] { "<|end|>", "a" }));
            Assert.That(Texts(phi, "<s> a", parse: true), Is.EqualTo(new[] { "<s>", "▁", "a" }));
        });
    }

    [Test]
    public void Generation_ends_at_the_tokens_known_by_text_and_at_those_the_file_names()
    {
        var harmony = TextTokenizer.Create(SmallVocabularies.ByteLevel("gpt-4o", [], "<|end|>", "<|return|>", "<|call|>"));
        var chat = TextTokenizer.Create(
            SmallVocabularies.ByteLevel("qwen2", [], "<|im_end|>", "<|end|>") with
            {
                SpecialTokens = new SpecialTokenIds { Eos = 7 },
            }
        );
        Assert.Multiple(() =>
        {
            Assert.That(harmony.IsEndOfGeneration(harmony.FindToken("<|return|>")));
            Assert.That(harmony.IsEndOfGeneration(harmony.FindToken("<|end|>")), Is.False);
            Assert.That(chat.IsEndOfGeneration(chat.FindToken("<|im_end|>")));
            Assert.That(chat.IsEndOfGeneration(chat.FindToken("<|end|>")));
            Assert.That(chat.IsEndOfGeneration(7));
            Assert.That(chat.IsEndOfGeneration(8), Is.False);
        });
    }

    [Test]
    public void Streaming_holds_back_unfinished_characters_and_agrees_with_decoding()
    {
        var tokenizer = TextTokenizer.Create(SmallVocabularies.ByteLevel("gpt-2", []));
        var ids = tokenizer.Encode("a🚀b", addSpecial: false, parseSpecial: false);
        var decoder = new StreamingDecoder(tokenizer);
        Assert.That(ids.Select(decoder.Push), Is.EqualTo(new[] { "a", "", "", "", "🚀", "b" }));
        decoder.Push(ids[1]);
        Assert.That(decoder.Flush(), Is.EqualTo("\uFFFD"));
        AnyText.Sample(
            text =>
            {
                var all = tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
                var fresh = new StreamingDecoder(tokenizer);
                return string.Concat(all.Select(fresh.Push)) + fresh.Flush() == tokenizer.Decode(all);
            },
            iter: 500
        );
    }

    [TestCase("vocab-qwen3")]
    [TestCase("ggml-vocab-llama-spm")]
    [TestCase("ggml-vocab-deepseek-llm")]
    public void Time_grows_in_step_with_the_length_for_text_of_any_sort(string name)
    {
        var size = Shared.All ? 1_000_000 : 200_000;
        var tokenizer = GoldenVocabulary.Tokenizer(name);
        var sorts = new[]
        {
            string.Concat(Enumerable.Repeat("The quick brown fox, 12345 times over!\n", size / 39)),
            new string('a', size),
            new string(' ', size) + "x",
            string.Concat(Enumerable.Repeat("\n \t", size / 3)),
            new string('9', size),
            string.Concat(Enumerable.Repeat("日本語🚀", size / 5)),
        };
        Assert.Multiple(() =>
        {
            foreach (var text in sorts)
            {
                // Processor time: what else the machine does counts for nothing.
                var from = Environment.CpuUsage.UserTime;
                tokenizer.Encode(text, addSpecial: true, parseSpecial: true);
                // Two seconds for a million characters are usual; quadratic behaviour would take minutes.
                Assert.That((Environment.CpuUsage.UserTime - from).TotalSeconds, Is.LessThan(size / 50_000), text[..10]);
            }
        });
    }

    private static string[] Texts(TextTokenizer tokenizer, string text, bool parse = false) =>
        [.. tokenizer.Encode(text, addSpecial: false, parseSpecial: parse).Select(tokenizer.TokenText)];
}
