using System.Globalization;
using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Import;
using TaalasSim.Compiler.Quantize;
using TaalasSim.Compiler.Steps;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;
using TaalasSim.Runtime.Quality;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Quality;

/// <summary>Weights chosen by measurement stay nearer to the model than the same number of bits spent evenly, on a text that the choice has
/// not seen.</summary>
[Category("Compiler")]
public class AutoWeightsTests
{
    private static readonly FabricSpec Fabric = YamlReader.Read<FabricSpec>(Shared.InRepo("chips/fabrics/demo.yaml")) with { Dies = 4 };

    private static string Story => File.ReadAllText(Shared.InRepo("chips/demo/story.txt"));

    private static IEnumerable<TestCaseData> Budgets() =>
        Shared.All ? [new(3.25, "rom3", 5000), new(4.25, "rom4", 5000), new(5.25, "rom5", 5000)] : [new(4.25, "rom4", 900)];

    [TestCaseSource(nameof(Budgets))]
    public void Chosen_weights_beat_uniform_rounding_at_equal_bits(double bits, string uniform, int characters)
    {
        var model = Shared.InRepo("chips/demo/stories.gguf");
        // Calibration on the first part of the text, judgement on the rest.
        var (seen, unseen) = (Story[..characters], Story[5000..]);
        var plan = Plan(model, bits, seen, threads: 2);
        var auto = Divergence(
            model,
            new CompileOptions
            {
                Fabric = Fabric,
                Weights = "auto",
                Plan = plan,
                Compiler = "test",
            },
            unseen
        );
        var even = Divergence(
            model,
            new CompileOptions
            {
                Fabric = Fabric,
                Weights = uniform,
                Compiler = "test",
            },
            unseen
        );
        TestContext.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{bits} bits: KLD auto {auto.Value:g4} ± {auto.Error:g2}, {uniform} {even.Value:g4} ± {even.Error:g2}; calibration "
                    + $"auto {plan.Choice.Divergence:g4}, {uniform} fitted {plan.Choice.UniformDivergence:g4}"
            )
        );
        foreach (var c in plan.Choice.Matrices)
            TestContext.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {c.Matrix, -26} {c.Format} error {c.RelativeError:g3} probe {c.ProbeDivergence:g3}"
                )
            );
        Assert.Multiple(() =>
        {
            Assert.That(plan.Choice.BitsPerWeight, Is.LessThanOrEqualTo(bits));
            Assert.That(
                plan.Choice.Matrices.Sum(c => c.BitsPerWeight * c.Weights) / plan.Choice.Matrices.Sum(c => c.Weights),
                Is.EqualTo(plan.Choice.BitsPerWeight).Within(1e-9)
            );
            Assert.That(auto.Value, Is.LessThan(0.9 * even.Value));
        });
    }

    [Test]
    public void The_choice_does_not_depend_on_threads_and_the_image_shows_it()
    {
        var model = Shared.InRepo("chips/demo/stories.gguf");
        var text = Story[..240];
        var one = Plan(model, 3.7, text, threads: 1);
        var two = Plan(model, 3.7, text, threads: 2);
        Assert.That(two.Choice.Matrices, Is.EqualTo(one.Choice.Matrices));
        Assert.That(two.Choice.Divergence, Is.EqualTo(one.Choice.Divergence));
        var folder = Path.Combine(TemporaryFolder.New(), "auto.chip");
        CompileModel.ToImage(
            model,
            folder,
            new CompileOptions
            {
                Fabric = Fabric,
                Weights = "auto",
                Plan = one,
                Compiler = "test",
            }
        );
        var chip = ChipDirectory.ReadDescription(folder);
        Assert.That(chip.Matrices.Select(p => (p.Name, p.Format)), Is.EqualTo(one.Choice.Matrices.Select(c => (c.Matrix, c.Format))));
        Assert.That(chip.Choice!.Matrices, Is.EqualTo(one.Choice.Matrices));
    }

    [TestCase(2.0, "narrowest format, rom2")]
    [TestCase(900, "widest format")]
    [TestCase(double.NaN, "narrowest format, rom2")]
    public void A_budget_that_no_format_meets_is_refused(double bits, string expected) =>
        Assert.That(
            () => Plan(Shared.InRepo("chips/demo/stories.gguf"), bits, Story[..240], threads: 2),
            Throws.TypeOf<InputException>().With.Message.Contain(expected)
        );

    private static WeightPlan Plan(string path, double bits, string text, int threads)
    {
        using var run = CalibrationRun.Open(path, Fabric, text, "text", threads);
        using var model = ImportedModel.Open(path);
        return ChooseWeightBits.For(model, Fabric, bits, run);
    }

    private static Estimate Divergence(string model, CompileOptions options, string text)
    {
        var (folder, preserved) = (Path.Combine(TemporaryFolder.New(), "tested.chip"), Path.Combine(TemporaryFolder.New(), "base.chip"));
        CompileModel.ToImage(model, folder, options);
        CompileModel.ToImage(model, preserved, options with { Weights = "preserve", Plan = null });
        using var tested = WiredChip.Open(folder);
        using var basis = WiredChip.Open(preserved);
        using var kernels = new SimdKernels(Numerics.Reference, null, threads: 2);
        var tokenizer = TextTokenizer.Create(
            TokenizerDataFile.Read(File.ReadAllBytes(Path.Combine(folder, tested.Description.Files.Tokenizer.Name)))
        );
        var chunks = TextChunks.Cut(tokenizer, text, 256, 4, "text");
        using var comparison = new ChunkComparison(basis, kernels, tested, kernels, chunks.Context);
        for (var chunk = 0; chunk < chunks.Count; chunk++)
            comparison.Evaluate(chunks, chunk);
        return comparison.Divergence.Row.Divergence;
    }
}
