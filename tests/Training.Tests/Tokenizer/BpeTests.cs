using System.Text;
using CsCheck;
using NUnit.Framework;
using TaalasSim.Training.Corpus;
using TaalasSim.Training.Tokenizer;

namespace TaalasSim.Training.Tests.Tokenizer;

[TestFixture]
[Category("Compiler")]
public class BpeTests
{
    private static readonly BpeVocabulary s_vocabulary = TrainOnStories(500);

    [Test]
    public void Any_text_comes_back_from_its_tokens() =>
        Gen
            .String.Where(IsWellFormed)
            .Sample(
                text =>
                {
                    var tokenizer = new BpeTokenizer(s_vocabulary);
                    Assert.That(tokenizer.Decode(tokenizer.Encode(text)), Is.EqualTo(text));
                },
                iter: 500
            );

    [Test]
    public void Merges_of_the_classic_example_are_learned_in_order_of_count()
    {
        // low ×5, lower ×2, newest ×6, widest ×3: "es" and "st" occur 9 times each, "we" 8 times; e < s < t, so (e, s) comes first.
        var text = string.Join(
            '\n',
            Enumerable
                .Repeat("low", 5)
                .Concat(Enumerable.Repeat("lower", 2))
                .Concat(Enumerable.Repeat("newest", 6))
                .Concat(Enumerable.Repeat("widest", 3))
        );
        var merges = BpeTrainer.Train([text], 258 + 4).MergeTexts();
        Assert.That(merges, Is.EqualTo((string[])["e s", "es t", "l o", "lo w"]));
    }

    [Test]
    public void Encoding_equals_merging_the_leftmost_pair_of_lowest_rank_again_and_again()
    {
        var ranks = s_vocabulary.MergeTexts().Select((m, i) => (m, i)).ToDictionary(p => p.m, p => p.i, StringComparer.Ordinal);
        var ids = s_vocabulary.TokenTexts().Select((t, i) => (t, i)).ToDictionary(p => p.t, p => p.i, StringComparer.Ordinal);
        var tokenizer = new BpeTokenizer(s_vocabulary);
        var stories = new StoryGenerator(new SeededRandom(77));
        for (var n = 0; n < 50; n++)
        {
            var story = stories.Next();
            var expected = Gpt2Split.Words(story).SelectMany(w => MergeByText(w, ranks)).Select(t => ids[t]);
            Assert.That(tokenizer.Encode(story), Is.EqualTo(expected), story);
        }
    }

    [Test]
    public void Token_texts_are_unique_and_every_merge_makes_the_token_of_its_rank()
    {
        var tokens = s_vocabulary.TokenTexts();
        var merges = s_vocabulary.MergeTexts();
        Assert.Multiple(() =>
        {
            Assert.That(tokens, Is.Unique);
            Assert.That(tokens, Has.Length.EqualTo(400));
            Assert.That(merges.Select(m => m.Replace(" ", "", StringComparison.Ordinal)), Is.EqualTo(tokens[256..^2]));
            Assert.That(tokens[^2..], Is.EqualTo((string[])["<|startoftext|>", "<|endoftext|>"]));
        });
    }

    [Test]
    public void A_vocabulary_comes_back_from_its_texts()
    {
        var parsed = BpeVocabulary.Parse(s_vocabulary.TokenTexts(), s_vocabulary.MergeTexts());
        Assert.That(parsed.Merges, Is.EqualTo(s_vocabulary.Merges));
        Assert.That(() => BpeVocabulary.Parse(s_vocabulary.TokenTexts()[1..], s_vocabulary.MergeTexts()), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Training_twice_gives_the_same_merges() => Assert.That(TrainOnStories(500).Merges, Is.EqualTo(s_vocabulary.Merges));

    // Expected words follow from the pattern in Gpt2Split's summary, worked out by hand.
    [TestCase("Hello world", new[] { "Hello", " world" })]
    [TestCase("I'm sure they'll go", new[] { "I", "'m", " sure", " they", "'ll", " go" })]
    [TestCase("'tis 'Twas", new[] { "'t", "is", " '", "Twas" })]
    [TestCase("a  b\n\nc", new[] { "a", " ", " b", "\n", "\n", "c" })]
    [TestCase("end  ", new[] { "end", "  " })]
    [TestCase("x1²+ 42!?", new[] { "x", "1²", "+", " 42", "!?" })]
    [TestCase("\"No,\" he", new[] { "\"", "No", ",\"", " he" })]
    [TestCase("𝒜b 😀", new[] { "𝒜b", " 😀" })]
    [TestCase(" \t ", new[] { " \t " })]
    public void Text_is_cut_into_words_as_gpt2_does(string text, string[] words) => Assert.That(Gpt2Split.Words(text), Is.EqualTo(words));

    [Test]
    public void Byte_alphabet_is_gpt2s()
    {
        var all = Enumerable.Range(0, 256).Select(b => (byte)b).ToArray();
        var text = ByteAlphabet.Encode(all);
        Assert.Multiple(() =>
        {
            Assert.That(text, Is.Unique);
            Assert.That(ByteAlphabet.Decode(text), Is.EqualTo(all));
            Assert.That(ByteAlphabet.Encode(" \nA\u007F"u8), Is.EqualTo("\u0120\u010AA\u0121"));
            Assert.That(ByteAlphabet.CharOf(0xAD), Is.EqualTo('\u0143'), "the last of the 68 bytes without a character of their own");
        });
    }

    private static List<string> MergeByText(string word, Dictionary<string, int> ranks)
    {
        var parts = ByteAlphabet.Encode(Encoding.UTF8.GetBytes(word)).Select(c => c.ToString()).ToList();
        while (true)
        {
            var candidates = Enumerable
                .Range(0, parts.Count - 1)
                .Select(i => (Index: i, Rank: ranks.GetValueOrDefault($"{parts[i]} {parts[i + 1]}", int.MaxValue)))
                .Where(c => c.Rank < int.MaxValue)
                .ToList();
            if (candidates.Count == 0)
                return parts;
            var best = candidates.MinBy(c => c.Rank).Index;
            parts[best] += parts[best + 1];
            parts.RemoveAt(best + 1);
        }
    }

    private static BpeVocabulary TrainOnStories(int count)
    {
        var stories = new StoryGenerator(new SeededRandom(3));
        return BpeTrainer.Train(Enumerable.Range(0, count).Select(_ => stories.Next()), 400);
    }

    private static bool IsWellFormed(string text) => text.EnumerateRunes().All(r => r != Rune.ReplacementChar);
}
