using System.Runtime.InteropServices;
using NUnit.Framework;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>The masks hold the model: logits from a compiled image equal llama.cpp's scalar build, every bit.</summary>
[Category("Validation")]
public class GoldenLogitsTests
{
    private static IEnumerable<string> All => GoldenModels.Names("stories260K", "kquant", "arch");

    [TestCaseSource(nameof(All))]
    public void Logits_equal_the_reference_bit_for_bit(string name)
    {
        var expected = GoldenModels.Logits(name);
        using var kernels = new SimdKernels(Numerics.Reference, null, threads: 1);
        var actual = GoldenModels.Evaluate(GoldenModels.Image(name), kernels, GoldenModels.Tokens, batch: 64);
        AssertSameBits(actual, expected);
    }

    [TestCase("stories260K/stories260K-q8_0", 1, 2)]
    [TestCase("stories260K/stories260K-q4_0", 7, 2)]
    [TestCase("kquant/stories260K-r256-q4_k_m", 1, 1)]
    [TestCase("arch/gemma2-q8_0", 5, 2)]
    [TestCase("arch/llamamoe-q8_0", 1, 2)]
    [TestCase("arch/llamamoe-q8_0", 13, 2)]
    [TestCase("arch/llamamoe-w256-q4_k_m", 5, 1)]
    public void Logits_do_not_depend_on_batch_or_threads(string name, int batch, int threads)
    {
        var expected = GoldenModels.Logits(name);
        using var kernels = new SimdKernels(Numerics.Reference, null, threads);
        AssertSameBits(GoldenModels.Evaluate(GoldenModels.Image(name), kernels, GoldenModels.Tokens, batch), expected);
    }

    [TestCaseSource(nameof(All))]
    public void Greedy_tokens_equal_the_reference(string name)
    {
        var facts = GoldenModels.Facts(name);
        if (!facts.TryGetProperty("greedy_ref", out var greedy))
            Assert.Pass("this model has no greedy continuation");
        using var chip = WiredChip.Open(GoldenModels.Image(name));
        using var kernels = new SimdKernels(Numerics.Reference, null, threads: 1);
        using var pass = new ForwardPass(chip, kernels, 64, GoldenModels.Context);
        var row = new float[pass.VocabularySize];
        foreach (var line in greedy.EnumerateArray())
        {
            var prompt = line.GetProperty("prompt_ids").EnumerateArray().Select(t => t.GetInt32()).ToArray();
            var expected = line.GetProperty("ids").EnumerateArray().Select(t => t.GetInt32()).ToArray();
            using var sequence = pass.NewSequence(GoldenModels.Context);
            pass.Evaluate(sequence, prompt, row);
            var actual = new int[expected.Length];
            for (var i = 0; i < actual.Length; i++)
            {
                actual[i] = TokenSampler.ArgMax(row);
                if (i + 1 < actual.Length)
                    pass.Evaluate(sequence, actual.AsSpan(i, 1), row);
            }

            Assert.That(actual, Is.EqualTo(expected));
        }
    }

    internal static void AssertSameBits(float[] actual, float[] expected)
    {
        var a = MemoryMarshal.Cast<float, int>(actual);
        var e = MemoryMarshal.Cast<float, int>(expected);
        Assert.That(a.Length, Is.EqualTo(e.Length));
        if (a.SequenceEqual(e))
            return;
        var first = a.CommonPrefixLength(e);
        var different = 0;
        double largest = 0;
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] == e[i])
                continue;
            different++;
            largest = Math.Max(largest, Math.Abs((double)actual[i] - expected[i]));
        }

        Assert.Fail(
            $"{different} of {a.Length} logits differ, the first at {first}: {actual[first]:R} instead of {expected[first]:R}; largest "
                + $"difference {largest:g3}"
        );
    }
}
