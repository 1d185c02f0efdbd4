using NUnit.Framework;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;
using TaalasSim.Runtime.Tests.Rtl;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Rows that do not fill whole blocks of a ROM format: the last block of a bank is filled up with zeros, in products as in the
/// embedding.</summary>
[Category("Kernels")]
public sealed class PartialBlockTests
{
    [TestCase(48)]
    [TestCase(40)]
    [TestCase(20)]
    public void A_model_whose_width_is_no_whole_number_of_blocks_gives_the_logits_of_its_file(int width)
    {
        var sizes = new TinySizes(Width: width, FeedForward: 56);
        var stored = Logits(TinyChip.Compile("llama", "preserve", sizes, Roomy));
        var coded = Logits(TinyChip.Compile("llama", "rom8", sizes, Roomy));
        var (dot, a, b) = (0.0, 0.0, 0.0);
        for (var i = 0; i < stored.Length; i++)
            (dot, a, b) = (dot + (stored[i] * coded[i]), a + (stored[i] * stored[i]), b + (coded[i] * coded[i]));
        // Codes of eight bits; without the last block of the embedding it is below 0.9.
        Assert.That(dot / Math.Sqrt(a * b), Is.GreaterThan(0.999));
    }

    private static (string, string)[] Roomy => [("sites.columns", "16"), ("sites.rows", "32"), ("bank.rom_bits_per_weight", "40")];

    private static float[] Logits(string chip)
    {
        using var wired = WiredChip.Open(chip);
        using var kernels = new SimdKernels(Numerics.Reference, null, threads: 1);
        using var pass = new ForwardPass(wired, kernels, 1, 8);
        using var sequence = pass.NewSequence(8);
        var logits = new float[pass.VocabularySize];
        pass.Evaluate(sequence, [5, 17, 3], logits);
        return logits;
    }
}
