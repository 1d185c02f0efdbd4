using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Sweeps;

[TestFixture]
[Category("Smoke")]
public sealed class SweepQualityTests
{
    private const string Curve = """
        axis,bits,perplexity,perplexity_error,kl_divergence_nats,kl_divergence_error_nats,same_top_share
        weights,2,90,1,2,0.1,0.25
        weights,3,12,1,0.5,0.1,0.75
        kv,4,14,1,0.75,0.1,0.625

        """;

    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    [Test]
    public void Points_that_were_measured_have_their_quality_and_no_others()
    {
        using var folder = new TemporaryFolder();
        folder.Write("curve.csv", Curve);
        var path = Spec(
            folder,
            """
              - { field: model, values: [llama-3.2-1b, qwen2.5-0.5b] }
              - { field: weights, values: [rom2, rom3, rom4] }
              - { field: fabric.numerics.kv_bits, values: [8, 4] }
              - { field: fabric.vector.lanes, values: [16384, 8192] }
            constraints: [kl_divergence_nats < 0.6]
            """
        );
        var spec = SweepFile.Read(path, Library);
        using var evaluate = new EvaluateDesign(Library, spec, path, 0);
        var result = SweepRunner.Run(spec, folder.File("out"), evaluate.Evaluate, new SweepOptions { Threads = 2 });
        var known = result
            .Rows.Where(r => r.Figures.Perplexity is not null)
            .Select(r => (string.Join(' ', SweepGrid.Point(spec, r.Point).Values), r.Figures));
        Assert.Multiple(() =>
        {
            // hc1 has 8 bits of keys and values and rom3: what differs in both widths was not measured; lanes are no width.
            Assert.That(
                known.Select(k =>
                    FormattableString.Invariant($"{k.Item1}: {k.Figures.Perplexity} {k.Figures.KlDivergenceNats} {k.Figures.SameTopShare}")
                ),
                Is.EqualTo(
                    new[]
                    {
                        "llama-3.2-1b rom2 8 16384: 90 2 0.25",
                        "llama-3.2-1b rom2 8 8192: 90 2 0.25",
                        "llama-3.2-1b rom3 8 16384: 12 0.5 0.75",
                        "llama-3.2-1b rom3 8 8192: 12 0.5 0.75",
                        "llama-3.2-1b rom3 4 16384: 14 0.75 0.625",
                        "llama-3.2-1b rom3 4 8192: 14 0.75 0.625",
                    }
                )
            );
            Assert.That(result.Verdicts!.MeetsCount, Is.EqualTo(2), "what is not known meets no constraint");
        });
    }

    [Test]
    public void Another_table_makes_another_sweep()
    {
        using var folder = new TemporaryFolder();
        var path = Spec(folder, "  - { field: service.users, values: [1] }\n");
        string Digest(string curve)
        {
            folder.Write("curve.csv", curve);
            var spec = SweepFile.Read(path, Library);
            using var evaluate = new EvaluateDesign(Library, spec, path, 0);
            return SweepDigest.Of(spec, evaluate.Inputs);
        }
        Assert.That(Digest(Curve), Is.Not.EqualTo(Digest(Curve.Replace("12,", "13,", StringComparison.Ordinal))));
    }

    [TestCase("", ":1: is no table of 'curve --csv'")]
    [TestCase("a,b\n1,2\n", ":1: is no table of 'curve --csv'")]
    [TestCase("+weights,3,12,1,0.5,0.1\n", ":2: is no row of 'curve --csv'")]
    [TestCase("+weights,3,12,1,much,0.1,1\n", ":2: is no row of 'curve --csv'")]
    [TestCase("+width,3,12,1,1,0.1,1\n", ":2: is no row of 'curve --csv'")]
    public void A_table_that_is_none_is_refused(string text, string message)
    {
        using var folder = new TemporaryFolder();
        var table = folder.Write("curve.csv", text.Replace("+", Curve[..(Curve.IndexOf('\n') + 1)], StringComparison.Ordinal));
        var path = Spec(folder, "  - { field: service.users, values: [1] }\n");
        Assert.That(
            () => new EvaluateDesign(Library, SweepFile.Read(path, Library), path, 0),
            Throws.TypeOf<InputException>().With.Message.StartsWith(table + message)
        );
    }

    private static string Spec(TemporaryFolder folder, string vary) =>
        folder.Write(
            "t.yaml",
            "name: t\nmodel: llama-3.2-1b\nfabric: hc1\nquality: curve.csv\nservice: { input_tokens: 300, output_tokens: 100 }\nvary:\n"
                + vary
        );
}
