using NUnit.Framework;
using TaalasSim.Compiler.Steps;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Rope factors for short or long contexts are chosen by the context as llama.cpp holds it: in steps of 256 tokens.</summary>
[Category("Compiler")]
public sealed class RopeContextTests
{
    // Factors for long contexts are used above 400 tokens. 300 tokens are held as 512.
    [TestCase(256, false)]
    [TestCase(257, true)]
    [TestCase(300, true)]
    [TestCase(512, true)]
    public void Factors_follow_the_context_in_whole_steps(int context, bool isLong)
    {
        var same = Logits(512).AsSpan().SequenceEqual(Logits(context));
        Assert.That(same, Is.EqualTo(isLong));
    }

    private static float[] Logits(int context)
    {
        using var kernels = new SimdKernels(Numerics.Reference, null, 1);
        using var chip = WiredChip.Open(Image.Value);
        using var pass = new ForwardPass(chip, kernels, 8, context, ForwardPass.Held(context));
        using var sequence = pass.NewSequence(context);
        var logits = new float[8 * pass.VocabularySize];
        pass.Evaluate(sequence, SeededModel.Tokens.AsSpan(0, 8), logits);
        return logits;
    }

    private static readonly Lazy<string> Image = new(() =>
    {
        var folder = TemporaryFolder.New();
        var model = Path.Combine(folder, "model.gguf");
        SeededModels
            .All.Values.First(m => m.Architecture == "phi3" && m.Tensors.Contains("rope_factors_long", StringComparison.Ordinal))
            .With(("rope.scaling.original_context_length", 400), ("context_length", 1024))
            .Write(model);
        var image = Path.Combine(folder, "model.chip");
        var options = new CompileOptions
        {
            Fabric = GoldenModels.Fabric,
            Weights = "preserve",
            Compiler = "test",
        };
        return CompileModel.ToImage(model, image, options).Fits ? image : throw new InvalidOperationException("the model does not fit");
    });
}
