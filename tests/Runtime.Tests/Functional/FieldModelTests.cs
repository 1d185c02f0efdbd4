using System.Runtime.InteropServices;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Steps;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Small models from public reports against llama.cpp's scalar build: equal in every bit, or refused by both.</summary>
[Category("Validation")]
public sealed class FieldModelTests
{
    private static IEnumerable<string> Models() =>
        Shared.Has("field/models")
            ? Directory
                .GetFiles(Shared.Path("field/models"), "*.json")
                .Select(file => Path.GetFileNameWithoutExtension(file)!)
                .Order(StringComparer.Ordinal)
            : ["absent"];

    [TestCaseSource(nameof(Models))]
    public void A_model_is_equal_or_refused_as_by_llama_cpp(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Shared.Path($"field/models/{name}.json")));
        var facts = document.RootElement;
        var image = Path.Combine(TemporaryFolder.New(), "model.chip");
        void Compile() =>
            CompileModel.ToImage(
                Shared.Path($"field/models/{name}.gguf"),
                image,
                new CompileOptions
                {
                    Fabric = GoldenModels.Fabric,
                    Weights = "preserve",
                    Compiler = "test",
                }
            );
        if (facts.GetProperty("expect").GetString() == "refuse")
        {
            Assert.That(Compile, Throws.TypeOf<InputException>());
            Assert.That(Directory.Exists(image), Is.False);
            return;
        }
        Compile();
        var prompt = facts.GetProperty("prompt_ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
        var expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Shared.Path($"field/models/{name}.logits.f32"))).ToArray();
        using var kernels = new SimdKernels(Numerics.Reference, null, threads: 1);
        // The context is the model's own: it decides between rope factors for short and long contexts.
        using var chip = WiredChip.Open(image);
        var context = chip.Description.Model.ContextLength;
        using var pass = new ForwardPass(chip, kernels, prompt.Length, context);
        using var sequence = pass.NewSequence(context);
        var logits = new float[prompt.Length * pass.VocabularySize];
        pass.Evaluate(sequence, prompt, logits);
        GoldenLogitsTests.AssertSameBits(logits, expected);
    }

    [TestCase("F04/vonly", null)]
    [TestCase("F07/qonly", null)]
    [TestCase("F08/outbias", "tensor 'output.bias' is not part of a model of architecture llama")]
    public void A_bias_alone_is_used_or_refused(string name, string? refusal)
    {
        var path = Shared.Path($"field/{name}.gguf");
        if (refusal is null)
            Assert.That(() => TaalasSim.Compiler.Import.ImportedModel.Open(path).Dispose(), Throws.Nothing);
        else
            Assert.That(
                () => TaalasSim.Compiler.Import.ImportedModel.Open(path),
                Throws.TypeOf<InputException>().With.Message.Contains(refusal)
            );
    }
}
