using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Functional;

namespace TaalasSim.Runtime.Host.Generate;

/// <summary>Repeats a decode without a cache: every step evaluates prompt, finished blocks and the block in work together, under
/// the mask of blocks.</summary>
public static class UncachedBlocks
{
    /// <summary>Whether the decode without a cache reveals the same tokens in the same steps with the same confidences, every
    /// bit.</summary>
    /// <param name="host">Machine that made the blocks.</param>
    /// <param name="prompt">Prompt of the decode.</param>
    /// <param name="request">Request of the decode.</param>
    /// <param name="made">What the decode with a cache made.</param>
    /// <param name="cancel">Checked between layers.</param>
    public static bool Equal(
        SimulatedHost host,
        IReadOnlyList<int> prompt,
        BlockRequest request,
        BlockGeneration made,
        CancellationToken cancel = default
    )
    {
        using var pass = host.OpenPass(prompt.Count + made.Positions);
        var traits = host.Chip.Traits;
        var unmasker = new BlockUnmasker(traits.MaskToken, (uint)request.Seed);
        var settings = new BlockSettings { Threshold = request.Threshold, Temperature = request.Temperature };
        List<int> text = [.. prompt];
        foreach (var block in made.Blocks)
        {
            var start = text.Count;
            text.AddRange(Enumerable.Repeat(traits.MaskToken, request.Block));
            var visible = Visible(prompt.Count, text.Count, request);
            for (var step = 1; step <= block.Steps; step++)
            {
                var rows = Rows(pass, text, visible, cancel).AsSpan((start - (traits.ShiftLogits ? 1 : 0)) * pass.VocabularySize);
                var work = text.GetRange(start, request.Block).ToArray();
                if (unmasker.Step(work, rows[..(request.Block * pass.VocabularySize)], settings) is not { } revealed)
                    return false;
                for (var i = 0; i < work.Length; i++)
                    text[start + i] = work[i];
                var expected = Enumerable.Range(0, request.Block).Where(i => block.RevealedAt[i] == step);
                if (!revealed.SequenceEqual(expected.Select(i => new Reveal(i, block.Ids[i], block.Confidences[i]))))
                    return false;
            }
        }

        return true;
    }

    private static int[] Visible(int prompt, int length, BlockRequest request) =>
        [
            .. Enumerable
                .Range(0, length)
                .Select(p =>
                    p >= prompt ? prompt + (((p - prompt) / request.Block) + 1) * request.Block
                    : request.CausalPrompt ? p + 1
                    : prompt
                ),
        ];

    private static float[] Rows(ForwardPass pass, List<int> text, int[] visible, CancellationToken cancel)
    {
        using var sequence = pass.NewSequence(text.Count);
        var rows = new float[text.Count * pass.VocabularySize];
        pass.EvaluateBlock(sequence, text.ToArray(), visible, rows, append: false, cancel);
        return rows;
    }
}
