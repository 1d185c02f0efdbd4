using NUnit.Framework;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Tests.Kernels;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Whole models on the other backends against llama.cpp's scalar build.</summary>
[Category("Validation")]
public class IlgpuLogitsTests
{
    /// <summary>Two correct builds of llama.cpp differ by as much on quantised models, as one activation that rounds the other way
    /// spreads.</summary>
    private const float Tolerance = 0.5f;

    private static int Tokens => Shared.All ? GoldenModels.Positions : 6;

    private static IEnumerable<TestBackend> Backends => Shared.All ? TestBackend.AllShapes : TestBackend.OnIlgpu;

    private static string[] Models =>
        Shared.All
            ? [.. GoldenModels.Names("stories260K", "kquant", "arch")]
            : ["stories260K/stories260K-q8_0", "stories260K/stories260K-q4_0", "stories260K/stories260K-f16", "arch/gemma2-q8_0"];

    [Test]
    public void Logits_equal_the_reference([ValueSource(nameof(Models))] string name, [ValueSource(nameof(Backends))] TestBackend backend)
    {
        var expected = GoldenModels.Logits(name);
        using var kernels = backend.Create(Numerics.Reference, null);
        var rows =
            GoldenModels.Facts(name).TryGetProperty("causal", out var causal) && !causal.GetBoolean() ? GoldenModels.Positions : Tokens;
        var actual = GoldenModels.Evaluate(
            GoldenModels.Image(name),
            kernels,
            GoldenModels.Tokens.AsSpan(0, rows),
            batch: rows == GoldenModels.Positions ? rows : 4
        );
        expected = expected[..actual.Length];
        if (kernels.KeepsOrder)
            GoldenLogitsTests.AssertSameBits(actual, expected);
        else
            Assert.That(actual, Is.EqualTo(expected).Within(Tolerance));
    }
}
