using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Validation;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Validation;

[TestFixture]
[Category("Validation")]
public sealed class SuiteTests
{
    private static DesignLibrary Library { get; } = new(Shared.InRepo("chips"));

    [Test]
    public void Formulas_give_the_figures_worked_by_hand()
    {
        var report = FormulaSuite.Run(Library, Shared.InRepo("chips/measurements/formulas.yaml"));
        Assert.Multiple(() =>
        {
            Assert.That(report.Rows.Where(r => !r.Pass).Select(r => $"{r.Id} {r.Predicted}"), Is.Empty);
            Assert.That(report.Rows, Has.Count.EqualTo(12));
        });
    }

    [Test]
    public void A_figure_off_by_one_in_its_last_digit_is_missed()
    {
        var file = Path.Combine(TemporaryFolder.New(), "f.yaml");
        File.WriteAllText(
            file,
            "rows:\n  - { id: kv, formula: kv_bytes_per_token, model: llama-3.1-8b, value: 65537, last_digit: 1, unit: B, source: test }\n"
        );
        Assert.That(FormulaSuite.Run(Library, file).Pass, Is.False);
    }

    [Test]
    public void Gpu_predictions_and_calibration_are_scored_apart()
    {
        var report = GpuSuite.Run(Library.Gpus, Shared.InRepo("chips"));
        Assert.Multiple(() =>
        {
            Assert.That(report.Pass, Is.True);
            Assert.That(report.Groups.Where(g => g.Role == "prediction").Sum(g => g.Count), Is.EqualTo(5));
            Assert.That(report.Groups.Where(g => g.Role == "calibration").Sum(g => g.Count), Is.EqualTo(876));
            Assert.That(
                report.Unmodelled.Where(u => u.Id.StartsWith("yobitel", StringComparison.Ordinal)).Select(u => u.Id),
                Is.SupersetOf((string[])["yobitel_bench-0003", "yobitel_bench-0009"])
            );
        });
    }

    [Test]
    public void Closed_form_and_event_engine_agree()
    {
        var report = TimingSuite.Run(Library);
        Assert.That(report.Rows.Where(r => !r.Pass).Select(r => $"{r.Id} {r.ErrorPct:0.0} %"), Is.Empty);
    }

    [Test]
    public void The_embedded_model_says_the_same_in_every_bit() =>
        Assert.That(FidelitySuite.Run(Library, Shared.InRepo("chips/measurements/fidelity.yaml"), null, "test").Pass, Is.True);

    [Test]
    public void Goldens_are_compared_bit_by_bit()
    {
        var folder = TemporaryFolder.New();
        foreach (var name in new[] { "tokens64.txt", "stories260K/stories260K-q8_0.gguf", "stories260K/stories260K-q8_0.logits.f32" })
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(name)), File.ReadAllBytes(Shared.Path("golden/" + name)));
        File.Copy(Path.Combine(folder, "stories260K-q8_0.gguf"), Path.Combine(folder, "alone.gguf"));
        ValidationReport Run() => FidelitySuite.Run(Library, Shared.InRepo("chips/measurements/fidelity.yaml"), folder, "test");
        var good = Run();
        var logits = Path.Combine(folder, "stories260K-q8_0.logits.f32");
        var bytes = File.ReadAllBytes(logits);
        bytes[4000] ^= 1;
        File.WriteAllBytes(logits, bytes);
        var altered = Run();
        Assert.Multiple(() =>
        {
            Assert.That(good.Pass, Is.True);
            Assert.That(good.Unmodelled.Single().Reason, Is.EqualTo("no logits file"));
            Assert.That(altered.Pass, Is.False);
            Assert.That(altered.Rows[1].Measured - altered.Rows[1].Predicted, Is.EqualTo(1));
        });
    }

    [Test]
    public void A_folder_without_goldens_is_refused() =>
        Assert.That(
            () => FidelitySuite.Run(Library, Shared.InRepo("chips/measurements/fidelity.yaml"), TemporaryFolder.New(), "test"),
            Throws.TypeOf<InputException>().With.Message.Contains("tokens64.txt")
        );

    [Test]
    public void Pictures_show_what_was_measured_on_hardware()
    {
        var report = SiliconSuite.Run(Library, Shared.InRepo("chips/measurements/silicon.yaml"));
        var pictures = ValidationPictures.Draw(report);
        try
        {
            Assert.That(pictures.Select(p => p.Name), Is.EqualTo((string[])["parity", "errors"]));
            Assert.That(pictures[1].Svg(), Does.Contain("calibration"));
        }
        finally
        {
            foreach (var picture in pictures)
                picture.Dispose();
        }
    }
}
