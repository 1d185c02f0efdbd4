using System.Globalization;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Sweeps;

/// <summary>Modes that look for something: search, sensitivity, tornado.</summary>
[TestFixture]
[Category("Smoke")]
public sealed class SweepModesTests
{
    private const string Head = """
        name: t
        model: llama-3.2-1b
        fabric: hc1
        service: { input_tokens: 300, output_tokens: 100, users: 1 }
        vary:
          - { field: fabric.clock_ghz, range: { from: 0, to: 1 } }
          - { field: fabric.vector.lanes, range: { from: 1, to: 1000 } }
          - { field: weights, values: [rom2, rom3, rom4, rom6] }

        """;

    private static readonly SweepOptions TwoThreads = new() { Threads = 2 };

    [Test]
    public void A_search_finds_the_front_and_resumes_to_the_same_table()
    {
        var text =
            Head + "mode: search\npoints: 600\nobjectives: [{ minimize: watts }, { maximize: area_mm2 }]\nconstraints: [area_mm2 <= 0.5]\n";
        using var whole = new TemporaryFolder();
        var spec = Read(text);
        var result = SweepRunner.Run(spec, whole.Path, Trade, TwoThreads);
        var front = result.Rows.Where(r => result.Verdicts!.IsOnFront(r.Point) == true).Select(r => r.Figures).ToList();
        using var cut = new TemporaryFolder();
        var journal = File.ReadAllBytes(whole.File("sweep.journal"));
        File.WriteAllBytes(cut.File("sweep.journal"), journal[..(journal.Length / 3)]);
        var evaluated = 0;
        var resumed = SweepRunner.Run(
            Read(text),
            cut.Path,
            p =>
            {
                Interlocked.Increment(ref evaluated);
                return Trade(p);
            },
            TwoThreads
        );
        Assert.Multiple(() =>
        {
            // On the front watts are the square of the area, with the fewest lanes and the narrowest weights.
            Assert.That(front, Has.Count.GreaterThan(15));
            Assert.That(front.Max(f => f.AreaMm2!.Value.Value), Is.InRange(0.45, 0.5));
            Assert.That(front.Min(f => f.AreaMm2!.Value.Value), Is.LessThan(0.05));
            Assert.That(
                front.Count(f => f.Watts!.Value.Value < Math.Pow(f.AreaMm2!.Value.Value, 2) + 0.02),
                Is.GreaterThan(front.Count * 3 / 4)
            );
            Assert.That(evaluated, Is.InRange(350, 450));
            Assert.That(resumed.Resumed, Is.EqualTo(600 - evaluated));
            foreach (var table in new[] { SweepTable.CsvName, SweepTable.ParquetName })
                Assert.That(File.ReadAllBytes(cut.File(table)).SequenceEqual(File.ReadAllBytes(whole.File(table))), Is.True, table);
        });
    }

    [Test]
    public void A_search_evaluates_no_design_twice_while_there_are_others()
    {
        var vary =
            "vary:\n  - { field: service.users, range: { from: 1, to: 20, steps: 20 } }\n  - { field: weights, values: [rom2, rom3] }\n";
        var spec = Read(
            Head[..Head.IndexOf("vary", StringComparison.Ordinal)] + vary + "mode: search\npoints: 32\nobjectives: [{ minimize: watts }]\n"
        );
        using var folder = new TemporaryFolder();
        var designs = new System.Collections.Concurrent.ConcurrentBag<string>();
        SweepRunner.Run(
            spec,
            folder.Path,
            p =>
            {
                designs.Add(string.Join(' ', p.Values));
                return new SweepFigures { Watts = UncertaintyRange.Exact(p.Service.Users) };
            },
            TwoThreads
        );
        Assert.That(designs.Distinct().Count(), Is.GreaterThanOrEqualTo(31));
    }

    [Test]
    public void Sensitivity_names_what_moves_a_figure()
    {
        using var folder = new TemporaryFolder();
        var spec = Read(Head + "mode: sensitivity\npoints: 5000\n");
        // Watts: 3 x + y with x and y uniform in (0, 1): variances 9/12 and 1/12. The weights move nothing.
        SweepRunner.Run(
            spec,
            folder.Path,
            p => new SweepFigures { Watts = UncertaintyRange.Exact((3 * Number(p, 0)) + (Number(p, 1) / 1000)) },
            TwoThreads
        );
        var lines = File.ReadAllLines(folder.File(SweepStudy.SensitivityName)).Select(l => l.Split(',')).ToList();
        double Cell(int row, int column) => double.Parse(lines[row][column], CultureInfo.InvariantCulture);
        Assert.Multiple(() =>
        {
            Assert.That(SweepGrid.Count(spec), Is.EqualTo(512 * 5));
            Assert.That(
                lines.Select(l => $"{l[0]} {l[1]} {l[^1]}"),
                Is.EqualTo(
                    new[] { "figure field base_points", "watts fabric.clock_ghz 512", "watts fabric.vector.lanes 512", "watts weights 512" }
                )
            );
            foreach (var (row, share) in new[] { (1, 0.9), (2, 0.1), (3, 0) })
            {
                Assert.That(Cell(row, 2), Is.EqualTo(share).Within(0.02), $"first of {row}");
                Assert.That(Cell(row, 5), Is.EqualTo(share).Within(0.02), $"total of {row}");
            }
        });
    }

    [Test]
    public void Base_points_with_a_design_that_does_not_fit_are_left_out()
    {
        using var folder = new TemporaryFolder();
        SweepRunner.Run(
            Read(Head + "mode: sensitivity\npoints: 640\n"),
            folder.Path,
            p => p.Index == 7 ? new SweepFigures { DoesNotFit = "no" } : new SweepFigures { Watts = UncertaintyRange.Exact(Number(p, 0)) },
            TwoThreads
        );
        Assert.That(File.ReadAllLines(folder.File(SweepStudy.SensitivityName))[1], Does.EndWith(",127"));
    }

    [Test]
    public void A_tornado_moves_one_field_at_a_time()
    {
        using var folder = new TemporaryFolder();
        SweepRunner.Run(
            Read(Head + "mode: tornado\n"),
            folder.Path,
            p =>
                p.Values[2] == "rom6"
                    ? throw new InputException("no")
                    : new SweepFigures { Watts = UncertaintyRange.Exact(10 + Number(p, 0) - (Number(p, 1) / 100)) },
            TwoThreads
        );
        Assert.Multiple(() =>
        {
            Assert.That(
                File.ReadAllLines(folder.File(SweepTable.CsvName)).Select(l => string.Join(' ', l.Split(',')[..5])),
                Is.EqualTo(
                    new[]
                    {
                        "point fabric_clock_ghz fabric_vector_lanes weights status",
                        "0    ok",
                        "1 0   ok",
                        "2 1   ok",
                        "3  1  ok",
                        "4  1000  ok",
                        "5   rom2 ok",
                        "6   rom6 invalid",
                    }
                )
            );
            Assert.That(
                File.ReadAllLines(folder.File(SweepStudy.TornadoName))[..4],
                Is.EqualTo(
                    new[]
                    {
                        "figure,field,described,first,last,at_first,at_last,swing",
                        "watts,fabric.vector.lanes,10,1,1000,9.99,0,9.99",
                        "watts,fabric.clock_ghz,10,0,1,10,11,1",
                        "watts,weights,10,rom2,rom6,10,,",
                    }
                )
            );
        });
    }

    [Test]
    public void The_front_has_a_table_of_its_own_with_intervals()
    {
        using var folder = new TemporaryFolder();
        var spec = Read(Head + "mode: random\npoints: 200\nobjectives: [{ minimize: watts }, { maximize: area_mm2 }]\n");
        var result = SweepRunner.Run(spec, folder.Path, p => Trade(p) with { IsBestEstimate = true }, TwoThreads);
        var count = SweepFront.Write(
            result,
            folder.Path,
            p => Trade(p) with { Watts = new UncertaintyRange(Trade(p).Watts!.Value.Value, 0, 9) },
            2
        );
        var all = File.ReadAllLines(folder.File(SweepTable.CsvName));
        var front = File.ReadAllLines(folder.File(SweepFront.FileName));
        var (low, watts) = (Array.IndexOf(all[0].Split(','), "watts_low"), Array.IndexOf(all[0].Split(','), "watts"));
        Assert.Multiple(() =>
        {
            Assert.That(count, Is.EqualTo(result.Verdicts!.OnFrontCount).And.EqualTo(front.Length - 1).And.GreaterThan(2));
            Assert.That(front[0], Is.EqualTo(all[0]));
            Assert.That(
                front.Skip(1).Select(l => (l.Split(',')[0], l.Split(',')[watts])),
                Is.EqualTo(
                    all.Skip(1)
                        .Where(l => l.EndsWith(",true,true", StringComparison.Ordinal))
                        .Select(l => (l.Split(',')[0], l.Split(',')[watts]))
                )
            );
            Assert.That(front.Skip(1).Select(l => l.Split(',')[low]), Has.All.EqualTo("0"));
            Assert.That(all.Skip(1).Select(l => l.Split(',')[low]), Has.All.Empty);
        });
    }

    [TestCase("mode: search\npoints: 100", "mode search needs 'objectives'")]
    [TestCase("mode: search\npoints: 3\nobjectives: [{ minimize: watts }]", "mode search needs at least 16 points")]
    [TestCase("mode: sensitivity\npoints: 79", "mode sensitivity of 3 fields needs at least 80 points")]
    [TestCase("mode: tornado\npoints: 79", "'points' belongs to modes that draw points")]
    public void A_mode_without_what_it_needs_is_refused(string rest, string message) =>
        Assert.That(() => Read(Head + rest + "\n"), Throws.TypeOf<InputException>().With.Message.Contains(message));

    // Watts grow with lanes and width; the square of the clock is their least.
    private static SweepFigures Trade(DesignPoint point) =>
        new()
        {
            AreaMm2 = UncertaintyRange.Exact(Number(point, 0)),
            Watts = UncertaintyRange.Exact(Math.Pow(Number(point, 0), 2) + (Number(point, 1) / 1000) + (point.Weights == "rom2" ? 0 : 0.5)),
        };

    private static double Number(DesignPoint point, int field) =>
        point.Values[field] is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : 0;

    private static SweepSpec Read(string text)
    {
        using var folder = new TemporaryFolder();
        return SweepFile.Read(folder.Write("t.yaml", text));
    }
}
