using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Export.Rtl;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Validation;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Validation;

[TestFixture]
[Category("Validation")]
public sealed class SynthesisTests
{
    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    private static string File => Shared.InRepo("chips/measurements/synthesis.yaml");

    [Test]
    public void The_area_model_predicts_synthesised_banks_of_many_sizes_and_code_widths()
    {
        var banks = YamlReader.Read<SynthesisMeasurements>(File).Rows;
        var report = SynthesisSuite.Run(Library, File);
        Assert.Multiple(() =>
        {
            Assert.That(report.Pass, Is.True);
            Assert.That(report.Groups, Has.Count.EqualTo(1));
            Assert.That(report.Groups[0].GatePct, Is.EqualTo(8));
            foreach (var bits in new[] { 3, 4 })
                Assert.That(
                    banks.Where(b => b.CodeBits == bits).Select(b => (b.Rows, b.Columns)).Distinct().Count(),
                    Is.GreaterThanOrEqualTo(3)
                );
        });
    }

    [Test]
    [Category("Slow")]
    public async Task Banks_synthesised_on_ASAP7_have_the_areas_of_the_committed_file()
    {
        Tools.Need("yosys");
        var liberty = Shared.Path("asap7/asap7_rvt_tt.lib.gz");
        foreach (
            var bank in YamlReader
                .Read<SynthesisMeasurements>(File)
                .Rows.Where(b => Shared.All || (b.Columns <= 32 && b.CodeBits is 3 or 4))
        )
        {
            var report = await SynthesizeBank.RunAsync(Config(bank), liberty);
            Assert.Multiple(() =>
            {
                // Another release of Yosys may map a little differently; the model has to meet what this one gives.
                Assert.That(report.AreaUm2, Is.EqualTo(bank.AreaUm2).Within(3).Percent, bank.Id);
                Assert.That(
                    SynthesisSuite.PredictedUm2(Library, bank),
                    Is.EqualTo(report.AreaUm2).Within(SynthesisSuite.GatePct).Percent,
                    bank.Id
                );
            });
        }
    }

    private static RtlConfig Config(SynthesisMeasurement bank) =>
        new()
        {
            Segments = 1,
            Rows = bank.Rows,
            Columns = bank.Columns,
            CodeBits = bank.CodeBits,
            ActivationBits = bank.ActivationBits,
            AccumulatorBits = bank.AccumulatorBits,
            PartialSumBits = bank.AccumulatorBits,
            PipelineCycles = bank.PipelineCycles,
            ColumnsPerScaleUnit = bank.ColumnsPerScaleUnit,
            ReductionCyclesPerLevel = 1,
        };
}
