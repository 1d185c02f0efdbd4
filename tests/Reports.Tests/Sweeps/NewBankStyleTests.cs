using NUnit.Framework;
using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Yield;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Sweeps;

/// <summary>A bank style that only this assembly knows (<see cref="PulseCountStyle"/>) goes through everything that asks a style.</summary>
[TestFixture]
[Category("Physics")]
public sealed class NewBankStyleTests
{
    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    [OneTimeSetUp]
    public void Register() => BankStyleRegistry.Register(new PulseCountStyle());

    [Test]
    public void A_model_is_fitted_and_formats_that_the_style_cannot_hold_are_refused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(DesignLibrary.Place(Library.Shape("llama-3.1-8b"), Fabric(), "rom3").Fits, Is.True);
            Assert.That(
                () => DesignLibrary.Place(Library.Shape("llama-3.1-8b"), Fabric(), "rom4"),
                Throws.TypeOf<InputException>().With.Message.Contains("counters hold rom3, not rom4")
            );
            Assert.That(
                () => Fabric(("numerics.activation_bits", "9")),
                Throws.TypeOf<InputException>().With.Message.Contains("numerics.activation_bits must be at most 8 for pulse_count")
            );
            Assert.That(
                () => Fabric(("bank.style", "pulses")),
                Throws.TypeOf<InputException>().With.Message.Contains("adder_network, pulse_count, rom_select, sram_multiply and ternary")
            );
            Assert.That(
                () =>
                    CompileModel.ToImage(
                        Shared.InRepo("chips/demo/stories.gguf"),
                        "unused.chip",
                        new CompileOptions
                        {
                            Fabric = Fabric(),
                            Weights = "rom3",
                            Compiler = "test",
                        }
                    ),
                Throws.TypeOf<InputException>().With.Message.Contains("counters hold no mask bits")
            );
        });
    }

    [Test]
    public void Area_and_yield_are_the_styles()
    {
        var (fabric, technology) = (Fabric(("bank.spare_rows", "4")), Library.Technology("n6"));
        var area = DieArea.Of(fabric, technology);
        double sites = fabric.Sites.PerDie;
        var columns = sites * fabric.Bank.Columns * 360 * technology.Logic.GateEquivalentUm2 / technology.Logic.DatapathUtilisation / 1e6;
        // Every fault in a bank kills it, and no bank is spare: as if the banks could not be repaired.
        var repairable = (area.TotalMm2.Value - area.RedundancyMm2) / 100;
        Assert.Multiple(() =>
        {
            Assert.That(area.RomMm2, Is.EqualTo(0.001 * sites).Within(1e-9));
            Assert.That(area.ColumnsMm2, Is.EqualTo(columns).Within(1e-9 * columns));
            Assert.That(RepairedDie.AtDensity(fabric, area, 0.1), Is.EqualTo(Math.Exp(-0.1 * repairable)).Within(1e-9));
        });
    }

    [Test]
    public void Latency_and_power_are_the_styles()
    {
        var (fabric, technology) = (Fabric(), Library.Technology("n6"));
        var chip = EvaluationInput.Of(DesignLibrary.Plan(Library.Shape("llama-3.1-8b"), fabric, "rom3"));
        var rows = chip.Schedule.Stages.SelectMany(s => s.Phases).Where(p => p.Name == "gate_up").SelectMany(p => p.Demands);
        var watts = CardPower.At(fabric, technology, DieArea.Of(fabric, technology), chip.Activity, chip.Schedule, 1000, 1000);
        Assert.Multiple(() =>
        {
            Assert.That(
                rows.First(d => d.Resource.Unit == FabricUnit.Bank).Items,
                Is.EqualTo(
                    3
                        * Math.Min(
                            4096,
                            DesignLibrary.Plan(Library.Shape("llama-3.1-8b"), fabric, "rom3").Matrices.First(m => m.Layer == 0).BankRows
                        )
                )
            );
            Assert.That(watts.RomWatts, Is.Zero);
            Assert.That(
                watts.ColumnsWatts,
                Is.EqualTo(
                        1000e-12
                            * technology.Calibration.Power
                            * SupplyVoltage.EnergyFactor(technology.Supply, SupplyVoltage.Of(fabric, technology))
                            * chip.Activity.ColumnOperations
                            * 0.25
                            * watts.ClockFraction
                    )
                    .Within(1e-9)
            );
        });
    }

    [Test]
    public void A_sweep_varies_the_style()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(
            "styles.yaml",
            """
            name: styles
            model: llama-3.1-8b
            fabric: hc1
            service: { input_tokens: 1000, output_tokens: 500, users: 1 }
            vary:
              - { field: fabric.bank.style, values: [rom_select, pulse_count] }
            """
        );
        var spec = SweepFile.Read(path);
        using var evaluate = new EvaluateDesign(Library, spec, path, draws: 20);
        var (select, pulses) = (evaluate.Evaluate(SweepGrid.Point(spec, 0)), evaluate.Evaluate(SweepGrid.Point(spec, 1)));
        Assert.Multiple(() =>
        {
            Assert.That(pulses.DoesNotFit, Is.Null);
            Assert.That(pulses.TokensPerSecondUser!.Value.Value, Is.LessThan(select.TokensPerSecondUser!.Value.Value));
            Assert.That(
                pulses.AreaMm2!.Value.Value,
                Is.EqualTo(DieArea.Of(Fabric(), Library.Technology("n6")).TotalMm2.Value).Within(1e-6)
            );
        });
    }

    [Test]
    public void A_style_of_the_program_is_named_in_its_own_file_and_in_no_other()
    {
        var sources = Directory
            .EnumerateFiles(Shared.InRepo("src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(f => (File: Path.GetFileName(f), Text: File.ReadAllText(f)))
            .ToArray();
        var styles = BankStyleRegistry.All.Where(s => s.GetType().Assembly == typeof(BankStyle).Assembly).ToArray();
        Assert.That(styles, Has.Length.EqualTo(4));
        Assert.Multiple(() =>
        {
            foreach (var style in styles)
            {
                var name = style.GetType().Name;
                var files = sources
                    .Where(s =>
                        s.Text.Contains($"\"{style.Name}\"", StringComparison.Ordinal) || s.Text.Contains(name, StringComparison.Ordinal)
                    )
                    .Select(s => s.File)
                    .ToArray();
                // The measured banks are of the one style that has Verilog.
                string[] expected = style.VerilogModule is null ? [name + ".cs"] : [name + ".cs", "SynthesisMeasurement.cs"];
                Assert.That(files, Is.EquivalentTo(expected), style.Name);
            }
        });
    }

    private static FabricSpec Fabric(params (string Field, string Value)[] overrides) =>
        FabricFile.Read(
            Shared.InRepo("chips/fabrics/hc1.yaml"),
            new[] { ("bank.style", "pulse_count") }.Concat(overrides).GroupBy(o => o.Item1).ToDictionary(g => g.Key, g => g.Last().Item2)
        );
}
