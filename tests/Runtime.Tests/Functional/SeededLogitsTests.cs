using System.Globalization;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Steps;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;
using TaalasSim.Runtime.Kernels.Select;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Every architecture and every rope, window, mixture and bias says what llama.cpp says, every bit, on models that are drawn from
/// a seed.</summary>
[Category("Validation")]
public class SeededLogitsTests
{
    private static readonly SimdLevel[] Levels = [.. new[] { SimdLevel.Portable, SimdLevels.Best }.Distinct()];

    [TestCaseSource(nameof(Names))]
    public void Logits_equal_those_of_llama_cpp_bit_for_bit(string name)
    {
        var image = Image(SeededModels.All[name]);
        Assert.Multiple(() =>
        {
            foreach (var level in Levels)
            {
                using var kernels = new SimdKernels(Numerics.Reference, null, 1, level);
                Assert.That(
                    LogitsDigest.Of(GoldenModels.Evaluate(image, kernels, SeededModel.Tokens, batch: 64)),
                    Is.EqualTo(LogitsDigest.Hex(SeededDigests.Of[name])),
                    level.ToString()
                );
            }
        });
    }

    [Test]
    public void Every_case_has_a_digest_of_its_own() => Assert.That(SeededDigests.Of.Keys, Is.EquivalentTo(SeededModels.All.Keys));

    [Test]
    public void A_factor_that_nothing_uses_is_refused() =>
        Assert.That(
            () => Image(SeededModels.All["mistral-f32"].And("token_embd.scale o")),
            Throws.TypeOf<InputException>().With.Message.Contain("token_embd.scale")
        );

    /// <summary>To take the digests anew with another program: writes the models and the token ids into the folder named by
    /// <c>TAALAS_SEEDED_MODELS</c>.</summary>
    [Test, Explicit("writes files for another program")]
    public void Models_are_written_for_another_program()
    {
        var folder = Environment.GetEnvironmentVariable("TAALAS_SEEDED_MODELS");
        Assume.That(folder, Is.Not.Null, "TAALAS_SEEDED_MODELS names no folder");
        foreach (var (name, model) in SeededModels.All)
            model.Write(Path.Combine(folder!, name + ".gguf"));
        File.WriteAllText(
            Path.Combine(folder!, "tokens.txt"),
            string.Join(' ', SeededModel.Tokens.Select(t => t.ToString(CultureInfo.InvariantCulture)))
        );
    }

    private static IEnumerable<string> Names() => SeededModels.All.Keys;

    /// <summary>Chip image of a model; its folder.</summary>
    internal static string Image(SeededModel model)
    {
        var folder = TemporaryFolder.New();
        var path = folder + ".gguf";
        model.Write(path);
        var fit = CompileModel.ToImage(
            path,
            folder,
            new CompileOptions
            {
                Fabric = GoldenModels.Fabric,
                Weights = "preserve",
                Compiler = "test",
            }
        );
        Assert.That(fit.Fits, Is.True);
        return folder;
    }
}
