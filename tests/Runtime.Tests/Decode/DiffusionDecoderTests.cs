using NUnit.Framework;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Runtime.Tests.Decode;

/// <summary>How many positions llama.cpp's schedules reveal, and which.</summary>
[Category("Smoke")]
public class DiffusionDecoderTests
{
    private const int Mask = 3;

    [TestCase(7, 3, new[] { 3, 2, 2 })]
    [TestCase(2, 4, new[] { 1, 1, 0, 0 })]
    public void Steps_of_a_block_share_its_masks(int masked, int steps, int[] expected) =>
        Assert.That(DiffusionDecoder.Shares(masked, steps), Is.EqualTo(expected));

    [Test]
    public void Timesteps_reveal_the_share_by_which_the_noise_falls()
    {
        // ε 0: t = 1 − i/N and s = t − 1/N, so 1 − s/t = 1/(N − i).
        int[] counts = [.. Enumerable.Range(0, 4).Select(i => DiffusionDecoder.OfTimestep(i, 4, 100, 0))];
        Assert.That(counts, Is.EqualTo(new[] { 25, 33, 50, 100 }));
    }

    [Test]
    public void Blocks_are_counted_over_the_canvas_but_begin_behind_the_prompt()
    {
        // A canvas of 8 in two blocks behind a prompt of 2: positions 2…5 and 6, 7.
        var seen = new List<int[]>();
        var decoder = Decoder(
            new DiffusionSettings
            {
                MaximumLength = 8,
                Steps = 4,
                BlockLength = 4,
                TopK = 1,
            }
        );
        var canvas = decoder.Run([5, 6], before => seen.Add([.. before]));
        Assert.Multiple(() =>
        {
            Assert.That(canvas, Is.EqualTo(new[] { 5, 6, 1, 1, 1, 1, 1, 1 }));
            Assert.That(seen[1], Is.EqualTo(new[] { 5, 6, 1, 1, Mask, Mask, Mask, Mask }), "equal confidences fill from the left");
            Assert.That(seen[2], Is.EqualTo(new[] { 5, 6, 1, 1, 1, 1, Mask, Mask }));
            Assert.That(decoder.Forwards, Is.EqualTo(4));
        });
    }

    [Test]
    public void Guidance_moves_logits_away_from_those_without_a_prompt()
    {
        // Without the prompt token 1 leads by 1, with it by 0.9: u + 2(c − u) makes token 2 the best from a lead of −0.8 on.
        static Func<int, float[]> Evaluate(int[] canvas) => _ => canvas[0] == Mask ? [0, 1, 0, 0] : [0, 0.4f, 0.6f, 0];
        var decoder = new DiffusionDecoder(
            new DiffusionSettings
            {
                MaximumLength = 2,
                Steps = 1,
                GuidanceScale = 1,
                TopK = 1,
                Epsilon = 0.001f,
            },
            Mask,
            shift: false,
            Evaluate
        );
        Assert.Multiple(() =>
        {
            Assert.That(decoder.Run([0])[1], Is.EqualTo(2));
            Assert.That(decoder.Forwards, Is.EqualTo(2));
        });
    }

    private static DiffusionDecoder Decoder(DiffusionSettings settings) => new(settings, Mask, shift: false, _ => _ => [0, 1, 0, 0]);
}
