using NUnit.Framework;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Validation;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Validation;

/// <summary>Chips and cards that the program has never seen are scored by writing YAML and a table beside it.</summary>
[TestFixture]
[Category("Validation")]
public sealed class ForeignDescriptionTests
{
    private const string Constant = "confidence: low, source: test }";

    private static readonly string Chips = Shared.InRepo("chips");

    private static readonly DesignLibrary Library = new(Chips);

    private string _folder = "";

    [SetUp]
    public void Open() => _folder = TemporaryFolder.New();

    [Test]
    public void A_card_with_a_base_of_the_library_and_a_model_of_its_own()
    {
        Write(
            "h300.yaml",
            $"base: h200\nname: H300\naliases: [H300 SXM]\nmemory_tb_per_s: {{ value: 9.6, low: 9.6, high: 9.6, unit: TB/s, {Constant}\n"
        );
        Write("foo.yaml", "base: llama-3.1-8b\nname: Foo 4B\naliases: [foo]\nlayers: 16\n");
        var header = File.ReadLines(Path.Combine(Chips, "gpus", "measurements", "calibration.csv")).First();
        string Row(string id, string gpu, string model) =>
            $"{id},{gpu},1,1,1,{model},8.03,fp8,fp8,TensorRT-LLM,1.0,1,1000,1000,tpot_ms,2.5,source,path,2026,measured,\"\"";
        Write(
            "mine.csv",
            string.Join(
                '\n',
                header,
                Row("known", "H200 SXM", "Llama-3.1-8B"),
                Row("card", "H300 SXM", "Llama-3.1-8B"),
                Row("model", "H200 SXM", "foo"),
                Row("nobody", "Voodoo2", "Llama-3.1-8B")
            )
        );

        var report = GpuSuite.Run(Library.Gpus, Chips, Path.Combine(_folder, "mine.csv"));
        double Predicted(string id) => report.Rows.Single(r => r.Id == id).Predicted;
        Assert.Multiple(() =>
        {
            Assert.That(report.Rows.Select(r => r.Id), Is.EquivalentTo((string[])["known", "card", "model"]));
            // Twice the bandwidth leaves the fixed part; half of the layers leave the output matrix.
            Assert.That(Predicted("card"), Is.InRange(0.5 * Predicted("known"), 0.95 * Predicted("known")));
            Assert.That(Predicted("model"), Is.InRange(0.5 * Predicted("known"), 0.65 * Predicted("known")));
            Assert.That(report.Unmodelled.Single().Reason, Does.Contain("Voodoo2"));
            Assert.That(Library.Gpus.FindCard("H300"), Is.Null, "the library itself stays as it is");
        });
    }

    [Test]
    public void A_chip_with_weights_in_SRAM_on_many_cards_by_tensor_partition()
    {
        Write(
            "lpu.yaml",
            $$"""
            base: hc1
            name: lpu
            technology: n16
            clock_ghz: { value: 0.9, low: 0.9, high: 0.9, unit: GHz, {{Constant}}
            dies: 640
            default_weights: rom8
            system:
              tensor_parallel_dies: 8
              link:
                gb_per_second: { value: 200, low: 100, high: 330, unit: GB/s, {{Constant}}
            bank: { style: sram_multiply, code_bits: 8, rows: 2048, columns: 1024, rom_bits_per_weight: 8.25 }
            sites: { columns: 10, rows: 10, tile_columns: 1, tile_rows: 1 }
            kv_sram: { capacity_mb: 14, banks: 64, port_bytes: 64 }
            vector: { lanes: 5120, clusters: 4 }
            published:
            """
        );
        var report = Score(
            "lpu.yaml",
            "llama-2-70b",
            ("die_mm2", "mm2"),
            ("tokens_per_second_user", "tok/s"),
            ("watts", "W"),
            ("one_time_usd_per_model", "USD"),
            ("turnaround_weeks", "weeks")
        );
        Assert.Multiple(() =>
        {
            Assert.That(report.Unmodelled, Is.Empty);
            // 160 sums over eight dies: 6 steps of 1 us each, so below 1 / (80 · 2 · 6 us).
            Assert.That(report.Rows.Single(r => r.Id == "tokens_per_second_user").Predicted, Is.InRange(50, 1040));
            Assert.That(report.Rows.Single(r => r.Id == "turnaround_weeks").Predicted, Is.Zero, "weights are loaded, not made");
            Assert.That(
                report.Rows,
                Has.All.Matches<ValidationRow>(r => double.IsFinite(r!.Predicted) && r.Low <= r.Predicted && r.Predicted <= r.High)
            );
        });
    }

    [Test]
    public void A_wafer_is_one_die_without_an_exposure_field()
    {
        Write(
            "wafer.yaml",
            $$"""
            base: hc1
            name: wafer
            technology: n5
            default_weights: f16
            system: { wafer_scale: true }
            bank: { style: sram_multiply, code_bits: 16, rows: 1536, columns: 16, rom_bits_per_weight: 16 }
            sites: { columns: 950, rows: 920, tile_columns: 1, tile_rows: 1, spare_banks: 20000 }
            numerics: { activation_bits: 16, kv_bits: 16 }
            kv_sram: { capacity_mb: 4000, banks: 262144, port_bytes: 8 }
            published:
            """
        );
        var report = Score(
            "wafer.yaml",
            "llama-3.1-8b",
            ("die_mm2", "mm2"),
            ("dies_per_wafer", "dies"),
            ("tokens_per_second_user", "tok/s"),
            ("yield", "fraction")
        );
        Assert.Multiple(() =>
        {
            Assert.That(report.Unmodelled, Is.Empty);
            Assert.That(report.Rows.Single(r => r.Id == "dies_per_wafer").Predicted, Is.EqualTo(1));
            Assert.That(report.Rows.Single(r => r.Id == "die_mm2").Predicted, Is.GreaterThan(858));
        });
    }

    [Test]
    public void What_the_vocabulary_cannot_say_is_listed_with_the_reason()
    {
        Write("stream.yaml", "base: hc1\nname: stream\nbank: { style: hbm_stream }\n");
        Write("odd.yaml", "base: hc1\nname: odd\nphotons: 3\n");
        Write("old.yaml", "base: hc1\nname: old\ntechnology: n90\n");
        Write("small.yaml", "base: hc1\nname: small\nsites: { columns: 8, rows: 8 }\n");
        foreach (
            var (file, reason) in new[]
            {
                ("stream.yaml", "hbm_stream"),
                ("odd.yaml", "photons"),
                ("old.yaml", "n90"),
                ("small.yaml", "does not fit"),
                ("none.yaml", "no such file"),
            }
        )
        {
            var report = Score(file, "llama-3.1-8b", ("watts", "W"));
            Assert.That(report.Unmodelled.Select(u => u.Reason), Has.One.Contains(reason), file);
        }
    }

    private ValidationReport Score(string fabric, string model, params (string Quantity, string Unit)[] rows)
    {
        Write(
            "measurements.yaml",
            "rows:\n"
                + string.Concat(
                    rows.Select(r =>
                        $"  - {{ id: {r.Quantity}, fabric: {fabric}, model: {model}, quantity: {r.Quantity}, value: 100, unit: "
                        + $"{r.Unit}, role: reference, source: test }}\n"
                    )
                )
        );
        return SiliconSuite.Run(Library, Path.Combine(_folder, "measurements.yaml"));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
