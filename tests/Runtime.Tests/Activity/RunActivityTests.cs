using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Steps;
using TaalasSim.Runtime.Activity;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Tests.Rtl;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Activity;

[Category("Physics")]
public class RunActivityTests
{
    [TestCase("rom4")]
    [TestCase("rom3")]
    public void Every_matrix_of_a_text_is_counted_through_its_masks(string weights)
    {
        var chip = TinyChip.Compile(weights: weights);
        var few = RunActivity.Of(chip, [1, 2, 3], 1);
        var again = RunActivity.Of(chip, [1, 2, 3], 2);
        Assert.Multiple(() =>
        {
            Assert.That(few.Roles.Select(r => r.Role), Is.SupersetOf(new[] { MatrixRole.Query, MatrixRole.Down, MatrixRole.Output }));
            Assert.That(few.Total, Is.EqualTo(again.Total), "any number of threads");
            foreach (var role in few.Roles)
            {
                // Codes of Gaussian weights and activations toggle about half of their bits, and a product less than both.
                Assert.That(role.Toggles.StoredOnes, Is.InRange(0.3, 0.7), $"{role.Role}");
                Assert.That(role.Toggles.ActivationToggles, Is.InRange(0.2, 0.7), $"{role.Role}");
                Assert.That(role.Toggles.ColumnToggles, Is.InRange(0.1, 0.7), $"{role.Role}");
                Assert.That(role.ZeroWeights, Is.InRange(0.001, 0.5), $"{role.Role}");
            }
        });
    }

    [Test]
    public void Weights_without_integer_codes_count_as_random_in_their_columns()
    {
        using var folder = new TemporaryFolder();
        var image = Path.Combine(folder.Path, "stories.chip");
        var fabric = FabricFile.Read(Shared.InRepo("chips/fabrics/demo.yaml"));
        CompileModel.ToImage(
            Shared.InRepo("chips/demo/stories.gguf"),
            image,
            new CompileOptions
            {
                Fabric = fabric,
                Weights = "f16",
                Compiler = "test",
            }
        );
        var activity = RunActivity.Of(image, [1, 2, 3], 1);
        Assert.Multiple(() =>
        {
            Assert.That(activity.Total.ColumnToggles, Is.EqualTo(0.5));
            Assert.That(activity.Total.ActivationToggles, Is.InRange(0.2, 0.7).And.Not.EqualTo(0.5));
        });
    }

    [Test]
    public void Codes_of_a_sample_are_those_that_the_format_decodes()
    {
        using var chip = WiredChip.Open(TinyChip.Compile(weights: "rom3"));
        var matrix = chip.Matrix(chip.Description.Matrices.First(m => m.Role == MatrixRole.Up).Name);
        var bank = SampledBank.Of(matrix, 0, 0);
        Assert.That(bank.Columns, Is.Not.Null);
        var most = bank.Columns!.SelectMany(c => c).ToList();
        Assert.Multiple(() =>
        {
            // Three bits, signed, all of them in use.
            Assert.That(most.Distinct().Order(), Is.EqualTo(Enumerable.Range(-4, 8).Select(c => (short)c)));
            Assert.That(bank.StoredBits, Is.EqualTo(bank.Weights / 32 * (8 + (3 * 32))));
            // A weight is 0 where its code is, or its block's scale.
            Assert.That(bank.ZeroWeights, Is.GreaterThanOrEqualTo(most.Count(c => c == 0)));
            Assert.That(CodeFormats.Named("rom3").CodeBits, Is.EqualTo(3));
        });
    }
}
