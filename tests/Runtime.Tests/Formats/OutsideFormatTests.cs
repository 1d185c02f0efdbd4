using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Gguf.Rewrite;
using TaalasSim.Compiler.Steps;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;
using TaalasSim.Runtime.Tests.Functional;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Formats;

/// <summary>A format defined in this assembly works from a model file to logits.</summary>
[TestFixture, Category("Kernels"), NonParallelizable]
public sealed class OutsideFormatTests
{
    private static readonly int[] Tokens = [1, 5, 9, 40, 41, 7];

    [TestCase(Numerics.Reference)]
    [TestCase(Numerics.Hardware)]
    public void A_format_of_another_assembly_goes_from_gguf_through_masks_to_logits(Numerics numerics)
    {
        using var registration = CodeFormats.Register(new SixLevelFormat());
        var packed = Rewrite(Shared.InRepo("chips/demo/stories.gguf"), "six_level");
        using (var stored = GgufFile.Open(packed))
            Assert.That(stored.Tensors.Count(t => t.Type is SixLevelFormat), Is.GreaterThan(10));

        // The same weights as floats: the products differ by what rounding the activations to eight bits costs.
        var exact = Logits(Rewrite(packed, "f32"), numerics);
        var actual = Logits(packed, numerics);
        var error = Math.Sqrt(actual.Zip(exact, (a, b) => Math.Pow((double)a - b, 2)).Sum() / exact.Sum(x => (double)x * x));
        Assert.That(error, Is.LessThan(0.05));
    }

    [Test]
    public void Names_are_unique_and_a_registration_ends() =>
        Assert.Multiple(() =>
        {
            using (CodeFormats.Register(new SixLevelFormat()))
            {
                Assert.That(CodeFormats.Named("six_level").BytesOf(64), Is.EqualTo(36));
                Assert.That(() => CodeFormats.Register(new SixLevelFormat()), Throws.ArgumentException);
            }

            Assert.That(() => CodeFormats.Named("six_level"), Throws.TypeOf<InputException>());
        });

    private static string Rewrite(string path, string type)
    {
        var target = Path.Combine(TemporaryFolder.New(), type + ".gguf");
        using var source = GgufFile.Open(path);
        RewriteGguf.Write(source, target, new RewriteOptions { Type = FileType.Named(type), AllowRequantize = true });
        return target;
    }

    private static float[] Logits(string model, Numerics numerics)
    {
        var folder = Path.Combine(TemporaryFolder.New(), "chip");
        var options = new CompileOptions
        {
            Fabric = GoldenModels.Fabric,
            Weights = "preserve",
            Compiler = "test",
        };
        Assert.That(CompileModel.ToImage(model, folder, options).Fits, Is.True);
        using var kernels = new SimdKernels(numerics, HardwareNumerics.Of(GoldenModels.Fabric), 1);
        return GoldenModels.Evaluate(folder, kernels, Tokens, Tokens.Length);
    }
}
