using System.Text.Json;
using NUnit.Framework;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary><c>bench</c> prints what readers of llama-bench expect, with the simulated chip's figures beside.</summary>
[Category("Smoke")]
[NonParallelizable]
public class BenchCommandTests
{
    // The list of February 2025: what every reader of llama-bench's JSON takes for granted.
    private static readonly string[] LlamaKeys =
    [
        "build_commit",
        "build_number",
        "cpu_info",
        "gpu_info",
        "backends",
        "model_filename",
        "model_type",
        "model_size",
        "model_n_params",
        "n_batch",
        "n_ubatch",
        "n_threads",
        "cpu_mask",
        "cpu_strict",
        "poll",
        "type_k",
        "type_v",
        "n_gpu_layers",
        "split_mode",
        "main_gpu",
        "no_kv_offload",
        "flash_attn",
        "tensor_split",
        "use_mmap",
        "embeddings",
        "n_prompt",
        "n_gen",
        "n_depth",
        "test_time",
        "avg_ns",
        "stddev_ns",
        "avg_ts",
        "stddev_ts",
    ];

    [Test]
    public void Json_has_llama_benchs_keys_in_order_then_ours_then_the_samples()
    {
        var (code, output, error) = Invocation.Run(
            "bench",
            Invocation.DemoChip,
            "-p",
            "8",
            "-n",
            "4",
            "-d",
            "2",
            "-r",
            "3",
            "-t",
            "1",
            "--no-warmup",
            "-o",
            "json"
        );
        Assert.That(code, Is.Zero, error);
        using var document = JsonDocument.Parse(output);
        var rows = document.RootElement.EnumerateArray().ToArray();
        var keys = rows[0].EnumerateObject().Select(p => p.Name).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(
                rows.Select(r =>
                    (r.GetProperty("n_prompt").GetInt32(), r.GetProperty("n_gen").GetInt32(), r.GetProperty("n_depth").GetInt32())
                ),
                Is.EqualTo([(8, 0, 2), (0, 4, 2)])
            );
            Assert.That(keys.Take(LlamaKeys.Length), Is.EqualTo(LlamaKeys));
            Assert.That(keys.Skip(LlamaKeys.Length).SkipLast(2), Is.All.StartsWith("hw_"));
            Assert.That(keys.TakeLast(2), Is.EqualTo(["samples_ns", "samples_ts"]));
            foreach (var row in rows)
            {
                var tokens = row.GetProperty("n_prompt").GetInt32() + row.GetProperty("n_gen").GetInt32();
                var ns = row.GetProperty("samples_ns").EnumerateArray().Select(v => v.GetDouble()).ToArray();
                var rates = ns.Select(t => 1e9 * tokens / t).ToArray();
                Assert.That(ns, Has.Length.EqualTo(3));
                Assert.That(row.GetProperty("avg_ts").GetDouble(), Is.EqualTo(rates.Average()).Within(1e-9).Percent);
                var mean = rates.Average();
                Assert.That(
                    row.GetProperty("stddev_ts").GetDouble(),
                    Is.EqualTo(Math.Sqrt(rates.Sum(r => (r - mean) * (r - mean)) / 2)).Within(1e-6).Percent
                );
                Assert.That(row.GetProperty("hw_source").GetString(), Is.EqualTo("simulated"));
                Assert.That(
                    row.GetProperty("hw_joules_per_token").GetDouble(),
                    Is.EqualTo(row.GetProperty("hw_watts_avg").GetDouble() / row.GetProperty("hw_avg_ts").GetDouble()).Within(1e-9).Percent
                );
            }

            Assert.That(rows[1].GetProperty("hw_passes_per_token").GetDouble(), Is.EqualTo(1), "one pass per decoded token");
            Assert.That(rows[0].GetProperty("hw_passes_per_token").GetDouble(), Is.EqualTo(1.0 / 8), "one pass for the prompt");
        });
    }

    [Test]
    public void Simulated_speed_does_not_depend_on_the_host()
    {
        double Rate(string threads)
        {
            var (_, output, _) = Invocation.Run(
                "bench",
                Invocation.DemoChip,
                "-p",
                "8",
                "-n",
                "0",
                "-r",
                "1",
                "-t",
                threads,
                "--no-warmup",
                "-o",
                "jsonl"
            );
            using var document = JsonDocument.Parse(output);
            return document.RootElement.GetProperty("hw_avg_ts").GetDouble();
        }

        Assert.That(Rate("1"), Is.EqualTo(Rate("2")));
    }

    [Test]
    public void Markdown_names_the_tests_as_llama_bench_does()
    {
        var (code, output, _) = Invocation.Run(
            "bench",
            Invocation.DemoChip,
            "-p",
            "2-4*2",
            "-n",
            "2",
            "-pg",
            "2,2",
            "-d",
            "1",
            "-r",
            "1",
            "--no-warmup"
        );
        var lines = output.Split('\n');
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(lines[0], Does.StartWith("| model                          |       size |     params | backend    |"));
            Assert.That(lines[1], Does.StartWith("| ------------------------------ | ---------: | ---------: | ---------- |"));
            Assert.That(
                lines.Skip(2).Take(4).Select(l => l.Split('|')[6].Trim()),
                Is.EqualTo(["pp2 @ d1", "pp4 @ d1", "tg2 @ d1", "pp2+tg2 @ d1"])
            );
            Assert.That(lines[^2], Does.StartWith("build: "));
        });
    }

    [Test]
    public void Csv_quotes_every_value_and_sql_makes_its_table()
    {
        string[] test = ["bench", Invocation.DemoChip, "-p", "2", "-n", "0", "-r", "1", "--no-warmup", "-o"];
        var csv = Invocation.Run([.. test, "csv"]).Output.Split('\n');
        var sql = Invocation.Run([.. test, "sql"]).Output;
        Assert.Multiple(() =>
        {
            Assert.That(csv[0].Split(',').Take(LlamaKeys.Length), Is.EqualTo(LlamaKeys));
            Assert.That(csv[1], Does.Match("^\"[^\"]*\"(,\"[^\"]*\")*$"));
            Assert.That(csv[1].Split("\",\""), Has.Length.EqualTo(csv[0].Split(',').Length));
            Assert.That(sql, Does.StartWith("CREATE TABLE IF NOT EXISTS test (\n  build_commit TEXT,\n  build_number INTEGER,"));
            Assert.That(sql, Does.Contain("avg_ts REAL").And.Contain("INSERT INTO test (build_commit, "));
        });
    }

    [Test]
    public void Lists_of_threads_and_repeated_options_are_taken_as_llama_bench_takes_them()
    {
        var (code, output, error) = Invocation.Run(
            "bench",
            Invocation.DemoChip,
            "-p",
            "2",
            "-p",
            "3,4",
            "-n",
            "2",
            "-t",
            "1,2",
            "-r",
            "1",
            "--no-warmup",
            "-o",
            "jsonl",
            "-oe",
            "csv"
        );
        Assert.That(code, Is.Zero, error);
        var rows = output.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(
                rows.Select(r =>
                    (r.GetProperty("n_threads").GetInt32(), r.GetProperty("n_prompt").GetInt32(), r.GetProperty("n_gen").GetInt32())
                ),
                Is.EqualTo([(1, 2, 0), (1, 3, 0), (1, 4, 0), (1, 0, 2), (2, 2, 0), (2, 3, 0), (2, 4, 0), (2, 0, 2)])
            );
            Assert.That(error.Split('\n')[0].Split(',').Take(LlamaKeys.Length), Is.EqualTo(LlamaKeys));
            Assert.That(error.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1 + rows.Length));
        });
    }

    [TestCase("-t", "x")]
    [TestCase("-t", "2000")]
    [TestCase("-oe", "xml")]
    [TestCase("-p", "x")]
    [TestCase("-p", "4-2")]
    [TestCase("-p", "0-8*2")]
    [TestCase("-p", "1-99999")]
    [TestCase("-n", "1,,2")]
    [TestCase("-pg", "4")]
    [TestCase("-r", "0")]
    [TestCase("-p", "99999")]
    public void Bad_lists_are_one_line_and_exit_2(string option, string value)
    {
        var (code, output, error) = Invocation.Run("bench", Invocation.DemoChip, option, value);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(output, Is.Empty);
            Assert.That(error.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1));
        });
    }
}
