using System.Globalization;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Sweeps;

/// <summary>Fields that move together, are computed, have conditions or are drawn; constraints and objectives.</summary>
[TestFixture]
[Category("Smoke")]
public sealed class SweepGrammarTests
{
    private const string Head = """
        name: t
        model: llama-3.2-1b
        fabric: hc1
        service: { input_tokens: 300, output_tokens: 100, users: 1 }
        vary:

        """;

    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    [Test]
    public void Zipped_fields_move_together()
    {
        var spec = Read(
            """
              - { field: fabric.technology, values: [n6, n5, n3], zip: node }
              - { field: service.users, values: [1, 2] }
              - { field: fabric.clock_ghz, values: [1, 2, 2], zip: node }
            """
        );
        Assert.That(Points(spec), Is.EqualTo(new[] { "n6 1 1", "n6 2 1", "n5 1 2", "n5 2 2", "n3 1 2", "n3 2 2" }));
    }

    [Test]
    public void A_computed_field_follows_from_fields_before_it_and_from_descriptions()
    {
        var spec = Read(
            """
              - { field: weights, values: [rom3, rom4] }
              - { field: fabric.bank.rows, values: [230, 460] }
              - { field: fabric.bank.columns, compute: "= 16 * ceil(model.embedding_length * weights.bits / fabric.bank.rows)" }
              - { field: service.users, compute: "weights == 'rom3' ? fabric.card.user_slots : service.input_tokens / 100" }
            """
        );
        var (embedding, slots) = (Library.Shape("llama-3.2-1b").EmbeddingLength, Library.Fabric("hc1").Card.UserSlots);
        var expected =
            from format in new[] { "rom3", "rom4" }
            from rows in new[] { 230, 460 }
            let columns = 16 * Math.Ceiling(embedding * CodeFormats.Named(format).BitsPerWeight / rows)
            select string.Create(CultureInfo.InvariantCulture, $"{format} {rows} {columns} {(format == "rom3" ? slots : 3)}");
        Assert.That(Points(spec), Is.EqualTo(expected));
    }

    [Test]
    public void The_weights_of_a_model_are_those_of_its_matrices()
    {
        var spec = Read(
            """
              - { field: model, values: [llama-3.2-1b, llama-3.1-8b] }
              - { field: service.input_tokens, compute: "model.weights / 1024" }
            """
        );
        var fabric = Library.Fabric("hc1") with { Dies = 4 };
        var expected = new[] { "llama-3.2-1b", "llama-3.1-8b" }.Select(name =>
            $"{name} {DesignLibrary.Plan(Library.Shape(name), fabric, "rom3").Matrices.Sum(m => m.Weights) / 1024}"
        );
        Assert.That(Points(spec), Is.EqualTo(expected));
    }

    [Test]
    public void A_field_whose_condition_is_false_makes_no_points_of_its_own()
    {
        var spec = Read(
            """
              - { field: system, values: [chip, h200] }
              - { field: fabric.vector.lanes, values: [8192, 16384], when: "system == 'chip'" }
              - { field: service.users, values: [1, 2] }
            """
        );
        Assert.That(
            Points(spec),
            Is.EqualTo(new[] { "chip 8192 1", "chip 8192 2", "chip 16384 1", "chip 16384 2", "h200 - 1", "h200 - 2" })
        );
    }

    [Test]
    public void A_formula_without_a_value_makes_an_invalid_row_and_leaves_its_cell_empty()
    {
        using var folder = new TemporaryFolder();
        var spec = Read(
            """
              - { field: fabric.bank.rows, values: [5, 4, 0] }
              - { field: service.users, compute: "4 / fabric.bank.rows" }
            """
        );
        SweepRunner.Run(spec, folder.Path, _ => new SweepFigures { Watts = UncertaintyRange.Exact(1) }, new SweepOptions { Threads = 1 });
        var lines = File.ReadAllLines(folder.File(SweepTable.CsvName));
        Assert.Multiple(() =>
        {
            Assert.That(lines[1], Does.StartWith("0,5,,invalid,\"service.users: '4 / fabric.bank.rows' is 0.8, and the field takes whole"));
            Assert.That(lines[2], Does.StartWith("1,4,1,ok,,"));
            Assert.That(lines[3], Does.StartWith("2,0,,invalid,service.users: '4 / fabric.bank.rows' is no finite number here,"));
        });
    }

    [TestCase("random")]
    [TestCase("latin_hypercube")]
    [TestCase("sobol")]
    public void Drawn_points_lie_in_their_ranges_and_follow_from_the_seed(string mode)
    {
        SweepSpec Draw(int seed) =>
            Read(
                $"""
                  - {"{"} field: fabric.clock_ghz, range: {"{"} from: 0.5, to: 2, log: true {"}"} {"}"}
                  - {"{"} field: fabric.bank.rows, range: {"{"} from: 100, to: 103 {"}"} {"}"}
                  - {"{"} field: weights, values: [rom2, rom3, rom4] {"}"}
                  - {"{"} field: service.users, values: [1, 2, 3], zip: u {"}"}
                  - {"{"} field: service.input_tokens, values: [10, 20, 30], zip: u {"}"}
                mode: {mode}
                points: 240
                seed: {seed}
                """
            );
        var spec = Draw(1);
        var values = Enumerable.Range(0, SweepGrid.Count(spec)).Select(i => SweepGrid.Point(spec, i).Values).ToList();
        var clocks = values.Select(v => double.Parse(v[0]!, CultureInfo.InvariantCulture)).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(values, Has.Count.EqualTo(240));
            Assert.That(clocks, Has.All.InRange(0.5, 2));
            // Half of a logarithmic range lies below its geometric mean.
            Assert.That(clocks.Count(c => c < 1), Is.EqualTo(120).Within(mode == "random" ? 31 : 2));
            foreach (var row in new[] { "100", "101", "102", "103" })
                Assert.That(values.Count(v => v[1] == row), Is.EqualTo(60).Within(mode == "random" ? 27 : 4), row);
            Assert.That(values.Select(v => v[2]).Distinct(), Is.EquivalentTo(new[] { "rom2", "rom3", "rom4" }));
            Assert.That(values, Has.All.Matches<IReadOnlyList<string?>>(v => v![4] == v[3] + "0"));
            Assert.That(Points(Draw(1)), Is.EqualTo(Points(spec)));
            Assert.That(Points(Draw(2)), Is.Not.EqualTo(Points(spec)));
        });
    }

    [Test]
    public void Constraints_and_objectives_mark_the_points()
    {
        using var folder = new TemporaryFolder();
        var spec = Read(
            """
              - { field: service.users, values: [1, 2, 3, 4, 5, 6] }
              - { field: service.input_tokens, values: [100, 200] }
            constraints: ["die_mm2 <= 5", "watts + service.users < 100"]
            objectives: [{ minimize: watts }, { maximize: tokens_per_second_user }]
            """
        );
        // Speed grows with users, watts with tokens; the longer request is as fast and hotter. Six users are too large a die.
        var result = SweepRunner.Run(
            spec,
            folder.Path,
            p =>
                p.Service.Users == 4
                    ? throw new InputException("no")
                    : new SweepFigures
                    {
                        TokensPerSecondUser = UncertaintyRange.Exact(p.Service.Users),
                        Watts = UncertaintyRange.Exact(p.Service.Users + (p.Service.InputTokens == 200 && p.Service.Users == 2 ? 97 : 0)),
                        DieMm2 = UncertaintyRange.Exact(p.Service.Users),
                        AreaMm2 = UncertaintyRange.Exact(p.Service.InputTokens),
                    },
            new SweepOptions { Threads = 1 }
        );
        var rows = File.ReadAllLines(folder.File(SweepTable.CsvName)).Select(l => l.Split(',')).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(rows[0][^2..], Is.EqualTo(new[] { "meets_constraints", "on_front" }));
            Assert.That(
                rows.Skip(1).Select(r => $"{r[1]} {r[^2]} {r[^1]}"),
                Is.EqualTo(
                    new[]
                    {
                        "1 true true",
                        "1 true true",
                        "2 true true",
                        "2 false false",
                        "3 true true",
                        "3 true true",
                        "4 false false",
                        "4 false false",
                        "5 true true",
                        "5 true true",
                        "6 false false",
                        "6 false false",
                    }
                )
            );
            Assert.That((result.Verdicts!.MeetsCount, result.Verdicts.OnFrontCount), Is.EqualTo((7, 7)));
        });
    }

    [TestCase("  - { field: weights, values: [rom3], zip: a }", ":6: 'weights' is zipped as 'a', and no other field is")]
    [TestCase(
        "  - { field: weights, values: [rom3], zip: a }\n  - { field: service.users, values: [1, 2], zip: a }",
        ":7: 'service.users' has 2 values and 'weights', zipped with it as 'a', has 1"
    )]
    [TestCase(
        "  - { field: weights, values: [rom3], zip: a }\n  - { field: service.users, values: [1], zip: a, when: '1' }",
        ":7: 'service.users' is zipped, so it has neither"
    )]
    [TestCase("  - { field: service.users, values: [1], compute: '2' }", ":6: 'service.users' has both a formula and values")]
    [TestCase("  - { field: service.users, compute: '2' }", ": every field is computed")]
    [TestCase(
        "  - { field: service.users, compute: 'weights.bits' }\n  - { field: weights, values: [rom3] }",
        ":6: 'weights.bits' has no value yet"
    )]
    [TestCase(
        "  - { field: service.users, compute: 'fabric.bank.rows' }\n  - { field: fabric.bank.rows, values: [3] }",
        ":6: 'fabric.bank.rows' has no value yet when 'service.users' needs it; put it first"
    )]
    [TestCase("  - { field: service.users, values: [1], when: 'fabric.bank.rose > 1' }", ":6: no value 'fabric.bank.rose'")]
    [TestCase("  - { field: service.users, values: [1], when: 'delete(1)' }", ":6: no function 'delete'")]
    [TestCase("  - { field: model, values: [llama-3.1-8b] }\n  - { field: model, values: [qwen3-8b] }", ":7: 'model' is varied twice")]
    [TestCase("  - { field: chips, values: [1] }\n  - { field: fabric.dies, values: [2] }", ":7: 'fabric.dies' is varied twice")]
    [TestCase("  - { field: model, range: { from: 1, to: 2, steps: 2 } }", ":6: 'model' is no number, so it has no range")]
    [TestCase("  - { field: service.users, range: { from: 1, to: 9 } }", ":6: 'service.users': a grid needs the range's 'steps'")]
    [TestCase("  - { field: service.users, values: [1] }\nmode: random", ": mode random needs 'points'")]
    [TestCase("  - { field: service.users, values: [1] }\npoints: 3", ": 'points' belongs to modes that draw points")]
    [TestCase("  - { field: service.users, values: [1] }\npoints: 0\nmode: sobol", ":7: points 0 must lie in 1 … 1000000")]
    [TestCase("  - { field: service.users, values: [1] }\nsize: small", "size 'small' is not known; write 'size: smallest that fits'")]
    [TestCase("  - { field: fabric.sites.rows, values: [1] }\nsize: smallest that fits", "'fabric.sites.rows' varies and 'size:")]
    [TestCase("  - { field: service.users, values: [1] }\nconstraints: ['wats < 3']", ":7: no value 'wats'")]
    [TestCase("  - { field: service.users, values: [1] }\nobjectives: [{ minimize: watts, maximize: watts }]", ":7: write 'minimize:")]
    [TestCase("  - { field: service.users, values: [1] }\nobjectives: [{ minimize: watts + }]", ":7: 'watts +' is no formula")]
    [TestCase("  - { field: service.users, values: [1] }\nshow: [wats]", ":7: no figure 'wats'; did you mean 'watts'")]
    [TestCase("  - { field: service.users, values: [1] }\nshow: [watts_low]", ":7: no figure 'watts_low'")]
    [TestCase("  - { field: prices.card, values: [1] }", ":6: cannot vary 'prices.card'")]
    [TestCase("  - { field: fabric.supply_vots, values: [1] }", ":6: cannot vary 'fabric.supply_vots'")]
    public void What_cannot_be_swept_is_refused_with_its_line(string rest, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("t.yaml", Head + rest + "\n");
        Assert.That(
            () => SweepFile.CheckFields(SweepFile.Read(path, Library), path, Library),
            Throws.TypeOf<InputException>().With.Message.StartsWith(path).And.Message.Contains(message)
        );
    }

    private static SweepSpec Read(string rest)
    {
        using var folder = new TemporaryFolder();
        return SweepFile.Read(folder.Write("t.yaml", Head + rest + "\n"), Library);
    }

    private static IEnumerable<string> Points(SweepSpec spec) =>
        Enumerable.Range(0, SweepGrid.Count(spec)).Select(i => string.Join(' ', SweepGrid.Point(spec, i).Values.Select(v => v ?? "-")));
}
