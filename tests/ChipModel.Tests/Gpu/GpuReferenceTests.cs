using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Tests.Gpu;

[Category("Physics")]
internal sealed class GpuReferenceTests
{
    private static readonly Gen<(string Card, string Model, string Format, double Batch, double Input, double Output, int Tp)> Services =
        Gen.Select(
            OneOf("a100-80", "h100-sxm", "h200", "b200", "mi300x", "gb200"),
            OneOf("llama-3.1-8b", "qwen3-14b", "qwen3-30b-a3b", "gemma-3-27b", "gpt-oss-20b"),
            OneOf("bf16", "fp8", "int4"),
            Gen.Double[1, 64],
            Gen.Double[16, 4000],
            Gen.Double[16, 4000],
            OneOf(1, 2, 4)
        );

    [Test]
    public void More_bandwidth_never_lowers_the_rate()
    {
        Services.Sample(
            s =>
            {
                var before = SimulatedHost(s, c => c);
                var after = SimulatedHost(s, c => c with { Bandwidth = c.Bandwidth * 1.2 });
                return after.SteadyThroughput(s.Batch) >= before.SteadyThroughput(s.Batch)
                    && after.DecodeStep().Total <= before.DecodeStep().Total
                    && after.Prefill(1) <= before.Prefill(1);
            },
            iter: 300
        );
    }

    [Test]
    public void A_block_of_one_position_is_a_token_and_more_of_them_share_its_reads()
    {
        Services.Sample(
            s =>
            {
                var machine = SimulatedHost(s, c => c);
                var (token, block) = (machine.BlockStep(s.Batch, 1, s.Input), machine.BlockStep(s.Batch, 32, s.Input));
                return token == machine.Step(s.Batch, s.Input)
                    && Math.Abs(block.Matrix / token.Matrix - 32) < 1e-6 * 32
                    && block.Kv == token.Kv
                    && block.Total >= token.Total
                    && block.Total < 32 * token.Total;
            },
            iter: 300
        );
    }

    [Test]
    public void More_users_never_lower_the_total_rate_nor_raise_one_users()
    {
        Services.Sample(
            s =>
            {
                var machine = SimulatedHost(s, c => c);
                return machine.SteadyThroughput(s.Batch * 1.1) >= machine.SteadyThroughput(s.Batch)
                    && machine.SteadyStep(s.Batch * 1.1).Total >= machine.SteadyStep(s.Batch).Total;
            },
            iter: 300
        );
    }

    [Test]
    public void Power_stays_between_idle_and_the_limit()
    {
        Services.Sample(
            s =>
            {
                var card = GpuFixture.Library.Card(s.Card);
                var watts = SimulatedHost(s, c => c).Watts(SimulatedHost(s, c => c).SteadyStep(s.Batch));
                return watts > card.IdleW.Value && watts <= card.TdpW.Value;
            },
            iter: 300
        );
    }

    [Test]
    public void More_memory_admits_no_fewer_users() =>
        Services.Sample(
            s => SimulatedHost(s, c => c with { Capacity = c.Capacity * 1.1 }).Admitted() >= SimulatedHost(s, c => c).Admitted(),
            iter: 200
        );

    [Test]
    public void A_batch_1_step_without_overheads_is_bytes_over_bandwidth()
    {
        // Llama 3.1 8B: 6.979e9 layer weights (32 x 218.1e6) and 0.5253e9 of the output matrix, 2 bytes each, at 0.92 x 3.35 TB/s and the
        // matrix kernels' share of it; and each matrix's own inputs and outputs.
        var shape = GpuFixture.Library.Model("Llama-3.1-8B");
        const double layer = (4096.0 * 4096 * 2) + (4096.0 * 1024 * 2) + (3 * 4096.0 * 14336);
        const double around = (6144 + 4096) + (4096 + 4096) + (28672 + 4096) + (4096 + 14336);
        const double bytes = 2 * ((32 * (layer + around)) + (4096.0 * 128256) + 4096 + 128256);
        var expected = bytes / (0.92 * 3.35e12 * GpuFixture.Library.Calibration.Parameters["shared.matrix_streaming"].Value);
        var machine = SimulatedHost(("h100-sxm", shape.Name, "bf16", 1, 1, 1, 1), c => c);
        Assert.That(machine.DecodeStep().Stream, Is.EqualTo(expected).Within(1e-9));
    }

    [TestCase("Llama-3.1-8B", 8.03, 7.50)]
    [TestCase("Llama-2-70B", 68.98, 68.71)]
    [TestCase("Llama-3.1-405B", 405.9, 403.7)]
    [TestCase("Qwen3-14B", 14.77, 13.99)]
    [TestCase("Qwen3-32B", 32.76, 31.98)]
    [TestCase("Qwen3-30B-A3B", 30.5, 3.04)]
    [TestCase("Qwen3-235B-A22B", 235.1, 21.57)]
    [TestCase("Mixtral-8x7B-Instruct-v0.1", 46.7, 12.75)]
    [TestCase("openai/gpt-oss-120b", 116.8, 5.1)]
    [TestCase("GPT-J-6B", 6.05, 5.84)]
    [TestCase("DeepSeek-R1", 671, 36.6)]
    [TestCase("gemma-2-9b-it", 9.24, 9.24)]
    [TestCase("Phi-4", 14.66, 14.15)]
    [TestCase("Falcon-180B", 179.5, 178.6)]
    public void Shapes_have_the_published_number_of_weights(string name, double residentBillions, double activeBillions)
    {
        var traffic = new ModelTraffic(GpuFixture.Library.Model(name));
        Assert.Multiple(() =>
        {
            Assert.That(traffic.Resident / 1e9, Is.EqualTo(residentBillions).Within(1.5).Percent);
            Assert.That((traffic.ActiveInLayers + traffic.Output) / 1e9, Is.EqualTo(activeBillions).Within(1.5).Percent);
        });
    }

    [Test]
    public void One_token_touches_its_own_experts_and_many_touch_all()
    {
        var traffic = new ModelTraffic(GpuFixture.Library.Model("Mixtral 8x7B"));
        const double expert = 32 * 3 * 4096.0 * 14336;
        Assert.Multiple(() =>
        {
            Assert.That(traffic.ExpertsTouched(1), Is.EqualTo(2 * expert).Within(1).Percent);
            Assert.That(traffic.ExpertsTouched(2), Is.EqualTo(8 * (1 - (0.75 * 0.75)) * expert).Within(1e-6).Percent);
            Assert.That(traffic.ExpertsTouched(1000), Is.EqualTo(8 * expert).Within(1e-6).Percent);
        });
    }

    [Test]
    public void Windowed_layers_hold_no_more_than_the_window()
    {
        // Gemma 3 27B: 62 layers, every sixth sees everything (10), the others 1,024 tokens; 16 heads of 128, keys and values.
        var traffic = new ModelTraffic(GpuFixture.Library.Model("gemma-3-27b"));
        Assert.That(traffic.KvElements(8000), Is.EqualTo(2 * 16 * 128 * ((10 * 8000.0) + (52 * 1024))));
    }

    [Test]
    public void H200_matches_published_figures_it_was_not_fitted_to()
    {
        var service = new GpuService
        {
            WeightFormat = "fp8",
            KvFormat = "fp8",
            InputTokens = 1000,
            OutputTokens = 1000,
        };
        var one = Evaluate("h200", "tensorrt-llm", "Llama-3.1-8B", service);
        var full = GpuReference.Saturated(
            GpuFixture.Library.Card("H200 SXM"),
            GpuFixture.Library.Engine("tensorrt-llm"),
            GpuFixture.Library.Model("Llama-3.1-8B"),
            service,
            GpuFixture.Library.Calibration
        );
        Assert.Multiple(() =>
        {
            Assert.That(one.TokensPerSecondUser.Value, Is.EqualTo(285).Within(10).Percent);
            Assert.That(full.TokensPerSecondTotal.Value, Is.EqualTo(17744).Within(10).Percent);
            Assert.That(full.BindingLimit, Does.StartWith("memory capacity"));
            Assert.That(full.Watts.High, Is.LessThanOrEqualTo(700));
            Assert.That(one.JoulesPerToken.Value, Is.EqualTo(one.Watts.Value / one.TokensPerSecondTotal.Value).Within(1e-9));
        });
    }

    [Test]
    public void Intervals_hold_the_value_and_repeat_exactly()
    {
        var service = new GpuService
        {
            WeightFormat = "bf16",
            KvFormat = "bf16",
            Batch = 8,
            InputTokens = 500,
            OutputTokens = 500,
        };
        var first = Evaluate("b200", "vllm", "Qwen3-32B", service);
        var second = Evaluate("b200", "vllm", "Qwen3-32B", service);
        Assert.Multiple(() =>
        {
            foreach (
                var interval in new[]
                {
                    first.TokensPerSecondUser,
                    first.TokensPerSecondTotal,
                    first.TimeToFirstTokenSeconds,
                    first.Watts,
                    first.JoulesPerToken,
                    first.UsdPerMillionTokens,
                }
            )
            {
                Assert.That(interval.Low, Is.LessThan(interval.Value).And.GreaterThan(0));
                Assert.That(interval.High, Is.GreaterThan(interval.Value));
            }

            Assert.That(second, Is.EqualTo(first));
        });
    }

    [Test]
    public void Weights_that_do_not_fit_are_refused_with_a_remedy()
    {
        var service = new GpuService
        {
            WeightFormat = "bf16",
            KvFormat = "bf16",
            InputTokens = 100,
            OutputTokens = 100,
        };
        var error = Assert.Throws<InputException>(() => Evaluate("rtx4090", "vllm", "Llama-3.1-70B", service));
        Assert.That(error!.Message, Does.Contain("RTX 4090").And.Contain("use fewer users, more cards or a narrower format"));
    }

    [Test]
    public void Seventy_billion_8_bit_weights_on_one_80_gb_card_starve_for_cache()
    {
        var crowded = SimulatedHost(("h100-sxm", "Llama-3.1-70B", "fp8", 1, 1000, 1000, 1), c => c).Admitted();
        var roomy = SimulatedHost(("h100-sxm", "Llama-3.1-70B", "fp8", 1, 1000, 1000, 2), c => c).Admitted();
        Assert.Multiple(() =>
        {
            Assert.That(crowded, Is.LessThan(8));
            Assert.That(roomy, Is.GreaterThan(100));
        });
    }

    [TestCase(
        "memory_tb_per_s: { value: 3, low: 4, high: 5, unit: TB/s, source: x, confidence: low }",
        "memory_tb_per_s 3 is outside its interval"
    )]
    [TestCase("memory_bandwidth: 3", "memory_bandwidth")]
    [TestCase("tdp_w: { value: 50, low: 50, high: 50, unit: W, source: x, confidence: low }", "must be below tdp_w (50)")]
    [TestCase("base: nothing", "nothing.yaml: no such file")]
    public void Faults_in_a_card_are_named_with_their_file(string line, string expected)
    {
        var chips = GpuFixture.CopyChips();
        try
        {
            var lines = line.StartsWith("base", StringComparison.Ordinal) ? line : "base: h100-sxm\n" + line;
            File.WriteAllText(Path.Combine(chips, "gpus", "new-card.yaml"), $"{lines}\nname: New card\naliases: []\n");
            var error = Assert.Throws<InputException>(() => GpuLibrary.Load(chips));
            Assert.That(error!.Message, Does.Contain(expected).And.Contain(".yaml"));
            Assert.That(error!.Message, Does.Not.Contain("\n"));
        }
        finally
        {
            Directory.Delete(chips, recursive: true);
        }
    }

    [Test]
    public void A_new_card_needs_only_its_file()
    {
        var chips = GpuFixture.CopyChips();
        try
        {
            File.WriteAllText(
                Path.Combine(chips, "gpus", "h300.yaml"),
                "base: h200\nname: H300\naliases: [H300 SXM]\nmemory_tb_per_s: { value: 9.6, low: 9.6, high: 9.6, unit: TB/s, source: "
                    + "test, confidence: low }\n"
            );
            var library = GpuLibrary.Load(chips);
            var traffic = library.Model("Llama-3.1-8B");
            var step = new GpuMachine(
                GpuSpeeds.Of(library.Card("h300-sxm")),
                library.Engine("vllm"),
                library.Calibration.Values().For(library.Engine("vllm")),
                traffic,
                Service("bf16", 1, 10, 10, 1)
            ).DecodeStep();
            var parent = new GpuMachine(
                GpuSpeeds.Of(library.Card("H200")),
                library.Engine("vllm"),
                library.Calibration.Values().For(library.Engine("vllm")),
                traffic,
                Service("bf16", 1, 10, 10, 1)
            ).DecodeStep();
            Assert.That(step.Stream, Is.EqualTo(parent.Stream / 2).Within(1e-6).Percent);
        }
        finally
        {
            Directory.Delete(chips, recursive: true);
        }
    }

    [Test]
    public void The_kernel_table_adds_up_to_the_step()
    {
        Services.Sample(
            s =>
            {
                var machine = SimulatedHost(s, c => c);
                var table = new List<GpuKernel>();
                var step = machine.Step(s.Batch, s.Input, s.Input / 7, s.Input / 2, 0.1, table);
                return Math.Abs((table.Sum(k => k.Microseconds) / (1e6 * step.Total)) - 1) < 1e-9
                    && step == machine.Step(s.Batch, s.Input, s.Input / 7, s.Input / 2, 0.1);
            },
            iter: 100
        );
    }

    [Test]
    public void An_unseen_card_or_model_has_a_wider_interval()
    {
        var service = Service("bf16", 8, 500, 500, 1);
        double Width(string card, string model)
        {
            var rate = Evaluate(card, "vllm", model, service).TokensPerSecondTotal;
            return Math.Log(rate.High / rate.Low);
        }

        var known = Width("h100-sxm", "Qwen3-14B");
        Assert.Multiple(() =>
        {
            Assert.That(Width("gh200", "Qwen3-14B"), Is.GreaterThan(known));
            Assert.That(Width("h100-sxm", "phi-4"), Is.GreaterThan(known));
            // Its streaming and matrix fractions are estimates.
            Assert.That(Width("mi300x", "Qwen3-14B"), Is.GreaterThan(Width("gh200", "Qwen3-14B")));
        });
    }

    [Test]
    public void Every_constant_of_every_card_states_its_source_and_unit() =>
        Assert.That(
            GpuFixture.Library.Cards.SelectMany(c => c.Constants(), (_, entry) => entry.Constant),
            Has.All.Matches<Constant>(c =>
                c!.Source.Length > 2 && c.Unit.Length > 0 && c.Confidence is "high" or "medium" or "low" or "exact"
            )
        );

    private static Gen<T> OneOf<T>(params T[] items) => Gen.Int[0, items.Length - 1].Select(i => items[i]);

    private static GpuView Evaluate(string card, string engine, string model, GpuService service) =>
        GpuReference.Evaluate(
            GpuFixture.Library.Card(card),
            GpuFixture.Library.Engine(engine),
            GpuFixture.Library.Model(model),
            service,
            GpuFixture.Library.Calibration
        );

    private static GpuService Service(string format, double batch, double input, double output, int tp) =>
        new()
        {
            WeightFormat = format,
            KvFormat = format == "fp8" ? "fp8" : "bf16",
            Batch = batch,
            InputTokens = input,
            OutputTokens = output,
            TensorParallel = tp,
        };

    private static GpuMachine SimulatedHost(
        (string Card, string Model, string Format, double Batch, double Input, double Output, int Tp) s,
        Func<GpuSpeeds, GpuSpeeds> change
    )
    {
        var library = GpuFixture.Library;
        var engine = library.Engine("vllm");
        return new GpuMachine(
            change(GpuSpeeds.Of(library.Card(s.Card))),
            engine,
            library.Calibration.Values().For(engine),
            library.Model(s.Model),
            Service(s.Format, s.Batch, s.Input, s.Output, s.Tp)
        );
    }
}
