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
        var score = GpuValidation.Score(GpuFixture.Calibration, GpuFixture.Library, GpuTable.Calibration);
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
        var score = GpuValidation.Score(GpuFixture.Calibration, GpuFixture.Library, GpuTable.Calibration);
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
        var rows = GpuValidation.Score(GpuFixture.Calibration, GpuFixture.Library, GpuTable.Calibration).Rows;
        var inside = rows.Count(r => r!.Low <= r.Measured && r.Measured <= r.High) / (double)rows.Count;
        Assert.That(inside, Is.InRange(0.85, 0.98));
    }

    [Test]
    public void The_committed_calibration_is_what_the_fit_writes()
    {
        var committed = File.ReadAllText(Path.Combine(GpuFixture.Chips, "gpus", "calibration.yaml"));
        var (fit, cases) = FitGpu.Refit(GpuFixture.Chips);
        if (Shared.All)
        {
            Assert.That(FitGpu.ToYaml(GpuCrossValidation.WithIntervals(cases, fit)), Is.EqualTo(committed));
            return;
        }

        // The intervals need a fit for each model and card.
        var written = FitGpu.ToYaml(fit);
        Assert.That(Section(written), Is.EqualTo(Section(committed)));

        static string Section(string yaml) => yaml[yaml.IndexOf("parameters:", StringComparison.Ordinal)..];
    }

    [Test]
    public void A_card_left_out_of_the_fit_is_predicted_within_the_goals()
    {
        var held = GpuCrossValidation.ByCard(GpuFixture.Cases(), GpuFixture.Library.Calibration);
        var pooled = GpuCrossValidation.Pooled(held);
        Report("by card", pooled);
        Assert.Multiple(() =>
        {
            Assert.That(pooled["step_few"], Is.LessThan(8));
            Assert.That(pooled["step_some"], Is.LessThan(8));
            Assert.That(pooled["step_many"], Is.LessThan(12));
            Assert.That(pooled["saturated"], Is.LessThan(8));
            Assert.That(pooled["prefill"], Is.LessThan(15));
            Assert.That(pooled["power"], Is.LessThan(10));
            Assert.That(pooled["mixture_saturated"], Is.LessThan(15));
            Assert.That(GpuCrossValidation.Coverage(held), Is.InRange(0.85, 0.95));
        });
    }

    [Test]
    public void A_model_left_out_of_the_fit_is_predicted()
    {
        // Models that are not the only ones of their kind; the rest of the list only in the exhaustive suite.
        string[] current = ["Llama 3.1 8B", "Qwen3 8B", "Qwen3 14B", "Gemma 3 12B"];
        var held = GpuCrossValidation.ByModel(GpuFixture.Cases(), GpuFixture.Library.Calibration, Shared.All ? null : current);
        var pooled = GpuCrossValidation.Pooled(held);
        Report("by model", pooled);
        Assert.Multiple(() =>
        {
            Assert.That(pooled["step_few"], Is.LessThan(Shared.All ? 11 : 6.5));
            Assert.That(pooled["step_some"], Is.LessThan(Shared.All ? 8 : 5));
            Assert.That(pooled["saturated"], Is.LessThan(10));
            Assert.That(pooled["power"], Is.LessThan(10));
            Assert.That(GpuCrossValidation.Coverage(held), Is.InRange(0.8, 0.95));
        });
    }

    [Test]
    public void Anchors_are_within_their_gates()
    {
        var anchors = Path.Combine(GpuFixture.Chips, "gpus", "measurements", "anchors.csv");
        var score = GpuValidation.Score(anchors, GpuFixture.Library, GpuTable.Anchors);
        Assert.Multiple(() =>
        {
            Assert.That(score.Groups, Has.All.Matches<GpuScoreGroup>(g => g!.Pass && g.InsidePct >= 80));
            Assert.That(score.Rows.Count + score.Unmodelled.Count, Is.EqualTo(491));
            Assert.That(score.Unmodelled, Has.Count.LessThan(25));
        });
    }

    [Test]
    public void Published_bars_are_reported_but_not_gated()
    {
        var bars = Path.Combine(GpuFixture.Chips, "gpus", "measurements", "reference_bars.csv");
        var score = GpuValidation.Score(bars, GpuFixture.Library, GpuTable.Reference);
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

    [TestCase("H100 SXM", 0.10)]
    [TestCase("H200 SXM", 0.10)]
    [TestCase("B200 SXM", 0.15)]
    [TestCase("A100 SXM 80GB", 0.12)]
    public void Matrix_kernels_take_a_start_their_depth_and_the_streaming_time(string name, double limit)
    {
        // The fitted law predicts measured kernels of up to 16 tokens at 16 bits, which the fit of the runs did not read.
        var card = GpuFixture.Library.Card(name);
        double Value(string key) => GpuFixture.Library.Calibration.Parameters["shared." + key].Value;
        var speeds = GpuSpeeds.Of(card);
        var errors = new List<double>();
        foreach (
            var f in File.ReadLines(Shared.Path("gpu/kernels/gemm.csv"))
                .Skip(1)
                .Select(l => l.Split(','))
                .Where(f => f[1] is "vllm" or "trtllm" && f[3] == "bfloat16")
        )
        {
            if (GpuFixture.Library.FindCard(f[0]) != card)
                continue;
            double Number(int i) => double.Parse(f[i], CultureInfo.InvariantCulture);
            var (m, n, k) = (Number(4), Number(5), Number(6));
            if (m > 16 || n * k < 1e6)
                continue;
            var bytes = 2 * ((n * k) + (m * (n + k)));
            var start = speeds.StartScale * (Value("matrix_start_us") + (Value("matrix_depth_us") * k / 4096));
            errors.Add(Math.Abs(((start + (1e6 * bytes / (speeds.Bandwidth * Value("matrix_streaming")))) / Number(7)) - 1));
        }

        TestContext.Out.WriteLine($"{name}: {errors.Count} kernels, {errors.Average():P1}");
        Assert.That(errors.Average(), Is.LessThan(limit));
    }

    [TestCase("NVIDIA HGX H200 SXM", "H200 SXM")]
    [TestCase("AMD Instinct MI300X OAM", "MI300X")]
    [TestCase("GeForce RTX 4090", "RTX 4090")]
    [TestCase("H100 PCIe", "H100 PCIe")]
    public void Cards_are_found_under_the_names_tables_use(string text, string card) =>
        Assert.That(GpuFixture.Library.Card(text).Name, Is.EqualTo(card));

    [TestCase("vLLM (ROCm)", "", "vllm-async")]
    [TestCase("vLLM", "0.11.1 (benchmark default image)", "vllm")]
    [TestCase("vLLM", "0.20.0", "vllm-async")]
    [TestCase("NVIDIA NIM (TensorRT-LLM)", "1.8.0", "nim")]
    [TestCase("TensorRT-LLM", "0.9.0", "tensorrt-llm-legacy")]
    [TestCase("TensorRT-LLM", "0.17", "tensorrt-llm")]
    [TestCase("TensorRT-LLM", "1.0 (PyTorch backend)", "tensorrt-llm")]
    [TestCase("TensorRT-LLM", "MLPerf Inference v4.1 submission", "tensorrt-llm")]
    public void Engine_presets_follow_the_version(string name, string version, string preset) =>
        Assert.That(GpuFixture.Library.FindEngine(name, version)?.Name, Is.EqualTo(preset));

    [Test]
    public void A_run_without_version_takes_the_preset_of_its_year() =>
        Assert.Multiple(() =>
        {
            Assert.That(GpuFixture.Library.FindEngine("vLLM", "CI build", 2024)?.Name, Is.EqualTo("vllm"));
            Assert.That(GpuFixture.Library.FindEngine("vLLM", "CI build", 2026)?.Name, Is.EqualTo("vllm-async"));
        });

    [Test]
    public void An_unknown_card_is_listed_with_its_reason_not_dropped()
    {
        var row = GpuMeasurementFile.Read(GpuFixture.Calibration).Rows[0];
        var score = GpuValidation.Score(
            [row with { Gpu = "Unheard X1" }, row with { Id = "other", Model = "Unheard-9B" }],
            [],
            GpuFixture.Library
        );
        Assert.That(
            score.Unmodelled.Select(u => u.Reason),
            Is.EqualTo(new[] { "no datasheet for GPU 'Unheard X1'", "no shape for model 'Unheard-9B'" })
        );
    }

    private static void Report(string title, IReadOnlyDictionary<string, double> pooled)
    {
        foreach (var (name, mean) in pooled)
            TestContext.Out.WriteLine($"left out {title}: {name}: {mean:F1} %");
    }
}
