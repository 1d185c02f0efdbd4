using NUnit.Framework;
using TaalasSim.Runtime.Quality;

namespace TaalasSim.Runtime.Tests.Quality;

/// <summary>Which positions of a text are scored.</summary>
[Category("Kernels")]
public class TextChunksTests
{
    [TestCase(8, 4, 3)]
    [TestCase(9, 4, 4)]
    [TestCase(512, 256, 255)]
    public void The_second_half_is_scored_but_for_the_last_token(int context, int first, int scored)
    {
        var text = new TextChunks([.. Enumerable.Range(0, 3 * context)], context, 3, bos: -1);
        Assert.Multiple(() =>
        {
            Assert.That(text.FirstScored, Is.EqualTo(first));
            Assert.That(text.Scored, Is.EqualTo(scored));
            Assert.That(text.Next(2, 0), Is.EqualTo((2 * context) + first + 1));
            Assert.That(text.Next(2, scored - 1), Is.EqualTo((3 * context) - 1), "the last target is the chunk's last token");
        });
    }

    [Test]
    public void Bos_replaces_the_first_token_of_each_chunk_but_not_in_the_list()
    {
        var text = new TextChunks([5, 6, 7, 8, 9, 10, 11, 12, 13], 4, 2, bos: 1);
        Assert.Multiple(() =>
        {
            Assert.That(text.Chunk(1), Is.EqualTo([1, 10, 11, 12]));
            Assert.That(text.Tokens, Is.EqualTo([5, 6, 7, 8, 9, 10, 11, 12]));
        });
    }
}
