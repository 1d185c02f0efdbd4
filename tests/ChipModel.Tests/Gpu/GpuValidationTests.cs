using System.Globalization;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Gpu;

[Category("Validation")]
internal sealed class GpuValidationTests
{
    [Test]
    public void Calibration_runs_are_within_their_gates()
    {
        var score = GpuValidation.Score(GpuFixture.Calibration, GpuFixture.Library);
        foreach (var g in score.Groups)
            TestContext.Out.WriteLine(
                $"{g.Role} {g.Name}: {g.Count} figures, {g.Runs} runs, mean {g.MeanAbsPct:F1} %, worst {g.WorstPct:F1} %, bias "
                    + $"{g.BiasPct:F1} %"
            );
        var group = score.Groups.ToDictionary(g => g.Name, StringComparer.Ordinal);
        Assert.Multiple(() =>
        {
            foreach (var few in new[] { "step time batch 1-8", "step time batch 16-64" })
            {
                Assert.That(group[few].MeanAbsPct, Is.LessThanOrEqualTo(5), few);
                Assert.That(group[few].WorstPct, Is.LessThanOrEqualTo(12), few);
            }

            Assert.That(group["saturated throughput"].MeanAbsPct, Is.LessThanOrEqualTo(10));
            Assert.That(group["prefill"].MeanAbsPct, Is.LessThanOrEqualTo(10));
            Assert.That(group["power"].MeanAbsPct, Is.LessThanOrEqualTo(6));
            Assert.That(score.Groups, Has.All.Matches<GpuScoreGroup>(g => g!.Pass));
        });
    }

    [Test]
    public void Every_row_is_scored_or_has_a_reason()
    {
        var rows = GpuMeasurementFile.Read(GpuFixture.Calibration).Rows;
        var score = GpuValidation.Score(GpuFixture.Calibration, GpuFixture.Library);
        Assert.Multiple(() =>
        {
            Assert.That(rows, Has.Count.EqualTo(427));
            Assert.That(score.Rows.Select(r => r.Id).Concat(score.Unmodelled.Select(u => u.Id)), Is.EquivalentTo(rows.Select(r => r.Id)));
            Assert.That(score.Unmodelled, Has.All.Matches<GpuUnmodelled>(u => u!.Reason.Length > 20));
            Assert.That(score.Unmodelled, Has.Count.LessThan(30));
            Assert.That(score.Rows, Has.All.Matches<GpuScoreRow>(r => r!.Low < r.Predicted && r.Predicted < r.High));
        });
    }

    [Test]
    public void Nine_in_ten_figures_lie_in_their_interval()
    {
        var rows = GpuValidation.Score(GpuFixture.Calibration, GpuFixture.Library).Rows;
        var inside = rows.Count(r => r!.Low <= r.Measured && r.Measured <= r.High) / (double)rows.Count;
        Assert.That(inside, Is.InRange(0.85, 0.98));
    }

    [Test]
    public void The_committed_calibration_is_what_the_fit_writes()
    {
        var written = FitGpu.ToYaml(FitGpu.Refit(GpuFixture.Chips));
        Assert.That(written, Is.EqualTo(File.ReadAllText(Path.Combine(GpuFixture.Chips, "gpus", "calibration.yaml"))));
    }

    [Test]
    public void A_card_left_out_of_the_fit_is_predicted()
    {
        var pooled = GpuCrossValidation.Pooled(GpuCrossValidation.ByCard(GpuFixture.Cases()));
        Report("by card", pooled);
        Assert.Multiple(() =>
        {
            Assert.That(pooled["step time batch 1-8"], Is.LessThan(7));
            Assert.That(pooled["step time batch 16-64"], Is.LessThan(9));
            Assert.That(pooled["saturated throughput"], Is.LessThan(11));
            Assert.That(pooled["prefill"], Is.LessThan(16));
        });
    }

    [Test]
    public void A_model_left_out_of_the_fit_is_predicted()
    {
        var cases = GpuFixture.Cases();
        // The models that current engines ran; the rest of the list only under --all.
        string[] current = ["Llama 3.1 8B", "Llama 3.1 70B", "Qwen3 8B", "Qwen3 14B"];
        var splits = Shared.All
            ? GpuCrossValidation.ByModel(cases)
            : GpuCrossValidation.ByModel([.. cases.Where(c => current.Contains(c.Model.Name, StringComparer.Ordinal))]);
        var pooled = GpuCrossValidation.Pooled(splits);
        Report("by model", pooled);
        Assert.Multiple(() =>
        {
            Assert.That(pooled["step time batch 1-8"], Is.LessThan(6.5));
            Assert.That(pooled["step time batch 16-64"], Is.LessThan(5));
            Assert.That(pooled["saturated throughput"], Is.LessThan(10));
            Assert.That(pooled["power"], Is.LessThan(10));
        });
    }

    [Test]
    public void Published_bars_are_reported_but_not_gated()
    {
        var bars = Path.Combine(GpuFixture.Chips, "gpus", "measurements", "reference_bars.csv");
        var score = GpuValidation.Score(bars, GpuFixture.Library, reference: true);
        Assert.Multiple(() =>
        {
            Assert.That(score.Groups, Is.Not.Empty);
            Assert.That(score.Groups, Has.All.Matches<GpuScoreGroup>(g => g!.Role == "reference" && g.Pass));
            Assert.That(score.Unmodelled, Has.Some.Matches<GpuUnmodelled>(u => u!.Reason.Contains("no shape", StringComparison.Ordinal)));
        });
    }

    [Test]
    public void A_table_without_a_needed_column_is_refused()
    {
        var error = Assert.Throws<InputException>(() => GpuMeasurementFile.Parse("id,gpu\n1,H100\n", "other.csv"));
        Assert.That(error!.Message, Does.StartWith("other.csv:1: columns missing:").And.Contain("metric"));
    }

    [Test]
    public void Quoted_fields_and_bad_values_are_read_by_the_rules()
    {
        const string head =
            "id,gpu,n_gpus,tp,model,weight_dtype,kv_dtype,engine,engine_version,"
            + "batch_or_concurrency,input_len,output_len,metric,value,source_title,note\n";
        var (rows, faults) = GpuMeasurementFile.Parse(
            head
                + "a,H100 SXM,1,1,\"Llama-3.1-8B\",bf16,,vLLM,,8,100,100,tpot_ms,7.5,\"A, \"\"B\"\"\",\nb,H100 "
                + "SXM,1,1,x,bf16,,vLLM,,8,100,100,tpot_ms,n/a,,\n",
            "t"
        );
        Assert.Multiple(() =>
        {
            Assert.That(rows.Single().Source, Is.EqualTo("A, \"B\""));
            Assert.That(faults.Single(), Is.EqualTo(new GpuUnmodelled("b", "value 'n/a' is not a positive number")));
        });
    }

    [Test]
    public void Matrix_kernels_take_a_start_and_the_streaming_time()
    {
        // The card constants and matrix_start_us are read off these kernel medians; here they predict all of them at 1 and 8 tokens.
        var start = 1e-6 * GpuFixture.Library.Calibration.Parameters["shared.matrix_start_us"].Value;
        var errors = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        foreach (
            var fields in File.ReadLines(Shared.Path("gpu/kernels.csv"))
                .Skip(1)
                .Select(l => l.Split(','))
                .Where(f => f[7].Length > 0 && f[4] is "1" or "8")
        )
        {
            var card = fields[0].StartsWith("H100", StringComparison.Ordinal) ? "h100-sxm" : "a100-80";
            var predicted =
                start + (double.Parse(fields[7], CultureInfo.InvariantCulture) / GpuSpeeds.Of(GpuFixture.Library.Card(card)).Bandwidth);
            if (!errors.TryGetValue(card, out var list))
                errors[card] = list = [];
            list.Add(Math.Abs((predicted / (1e-6 * double.Parse(fields[6], CultureInfo.InvariantCulture))) - 1));
        }

        Assert.Multiple(() =>
        {
            Assert.That(errors["h100-sxm"].Average(), Is.LessThan(0.10));
            Assert.That(errors["a100-80"].Average(), Is.LessThan(0.08));
        });
    }

    [TestCase("NVIDIA HGX H200 SXM", "H200 SXM")]
    [TestCase("AMD Instinct MI300X OAM", "MI300X")]
    [TestCase("GeForce RTX 4090", "RTX 4090")]
    [TestCase("H100 PCIe", "H100 PCIe")]
    public void Cards_are_found_under_the_names_tables_use(string text, string card) =>
        Assert.That(GpuFixture.Library.Card(text).Name, Is.EqualTo(card));

    [TestCase("vLLM (ROCm)", "", "vllm")]
    [TestCase("NVIDIA NIM (TensorRT-LLM)", "1.8.0", "nim")]
    [TestCase("TensorRT-LLM", "0.9.0", "tensorrt-llm-legacy")]
    [TestCase("TensorRT-LLM", "0.17", "tensorrt-llm")]
    [TestCase("TensorRT-LLM", "1.0 (PyTorch backend)", "tensorrt-llm")]
    [TestCase("TensorRT-LLM", "MLPerf Inference v4.1 submission", "tensorrt-llm")]
    public void Engine_presets_follow_the_version(string name, string version, string preset) =>
        Assert.That(GpuFixture.Library.FindEngine(name, version)?.Name, Is.EqualTo(preset));

    [Test]
    public void An_unknown_card_is_listed_with_its_reason_not_dropped()
    {
        var row = GpuMeasurementFile.Read(GpuFixture.Calibration).Rows[0];
        var score = GpuValidation.Score(
            [row with { Gpu = "H100 NVL" }, row with { Id = "other", Model = "Unheard-9B" }],
            [],
            GpuFixture.Library
        );
        Assert.That(
            score.Unmodelled.Select(u => u.Reason),
            Is.EqualTo(new[] { "no datasheet for GPU 'H100 NVL'", "no shape for model 'Unheard-9B'" })
        );
    }

    private static void Report(string title, IReadOnlyDictionary<string, double> pooled)
    {
        foreach (var (name, mean) in pooled)
            TestContext.Out.WriteLine($"left out {title}: {name}: {mean:F1} %");
    }
}
