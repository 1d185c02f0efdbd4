using System.Globalization;
using System.Runtime.InteropServices;
using NUnit.Framework;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;
using TaalasSim.Runtime.Tests.Functional;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>Whole forward passes against llama.cpp's scalar build: 64 tokens × 512 logits, every bit.</summary>
[TestFixture]
[Category("Kernels")]
public sealed class GoldenLogitsTests
{
    /// <summary>Batches in which the tokens are fed; the result must not depend on them.</summary>
    private static readonly int[] Batches = [1, 1, 5, 9, 48];

    // Experts are routed by the engine.
    private static IEnumerable<string> Models =>
        GoldenModels.Names("stories260K", "kquant", "arch").Where(name => !name.Contains("llamamoe", StringComparison.Ordinal));

    [TestCaseSource(nameof(Models))]
    public void Logits_equal_llama_cpp_bit_for_bit(string model)
    {
        using var kernels = new SimdKernels(Numerics.Reference, null, threads: 2);
        using var tiny = new TinyModel(Shared.Path($"golden/{model}.gguf"), kernels);
        var tokens = File.ReadAllText(Shared.Path("golden/tokens64.txt"))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(t => int.Parse(t, CultureInfo.InvariantCulture))
            .ToArray();
        var expected = MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(Shared.Path($"golden/{model}.logits.f32"))).ToArray();
        var logits = new List<float>();
        foreach (var batch in model.Contains("llada", StringComparison.Ordinal) ? [64] : Batches)
        {
            var at = logits.Count / 512;
            logits.AddRange(tiny.Forward(tokens.AsSpan(at, batch), at));
        }

        var actual = MatMulTests.Bits(CollectionsMarshal.AsSpan(logits));
        var first = -1;
        for (var i = 0; i < expected.Length && first < 0; i++)
            if (actual[i] != expected[i])
                first = i;
        Assert.That(first, Is.EqualTo(-1), () =>
            $"first difference at token {first / 512}, logit {first % 512}: {logits[first]} instead of "
                + $"{BitConverter.Int32BitsToSingle(expected[first])}"
        );
    }
}
