using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

[TestFixture]
[Category("Smoke")]
[NonParallelizable]
public sealed class AdviseCommandTests
{
    private const string Config = """
        {
          "architectures": ["LlamaForCausalLM"], "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16,
          "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 64, "vocab_size": 128256, "rms_norm_eps": 1e-5,
          "max_position_embeddings": 131072, "rope_theta": 500000.0, "tie_word_embeddings": true
        }
        """;

    private static string[] Question => ["--rate", "5", "--requests", "50", "--output-tokens", "50", "--gpus", "h200", "--json"];

    // Llama 3.2 1B once as a shape, once as the config.json that the shape was written from.
    [Test]
    public void A_config_without_weights_gets_the_advice_of_the_shape()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), Config);
        Assert.That(Figures(folder.Path), Is.EqualTo(Figures("llama-3.2-1b")));
    }

    [Test]
    public void Of_a_repository_only_the_config_is_fetched()
    {
        using var hub = new FakeHub();
        using var home = new TemporaryFolder();
        hub.Files["config.json"] = System.Text.Encoding.UTF8.GetBytes(Config);
        hub.Files["model.safetensors"] = new byte[1 << 20];
        var before = (Environment.GetEnvironmentVariable("HF_ENDPOINT"), Environment.GetEnvironmentVariable("HF_HOME"));
        try
        {
            Environment.SetEnvironmentVariable("HF_ENDPOINT", hub.Endpoint + "/");
            Environment.SetEnvironmentVariable("HF_HOME", home.Path);
            Assert.That(Figures("hf:a/b"), Is.EqualTo(Figures("llama-3.2-1b")));
            Assert.That(Directory.GetFiles(home.Path, "*.safetensors", SearchOption.AllDirectories), Is.Empty, "weights are not needed");
        }
        finally
        {
            Environment.SetEnvironmentVariable("HF_ENDPOINT", before.Item1);
            Environment.SetEnvironmentVariable("HF_HOME", before.Item2);
        }
    }

    [Test]
    public void A_model_file_and_an_image_are_taken_as_well()
    {
        var file = Invocation.Run(["advise", Shared.InRepo("chips/demo/stories.gguf"), .. Question]);
        var image = Invocation.Run(["advise", Invocation.DemoChip, .. Question]);
        Assert.That(file.Code, Is.Zero, file.Error);
        Assert.That(image.Output, Is.EqualTo(file.Output));
    }

    [Test]
    public void Users_who_ask_every_minute_are_a_rate()
    {
        string[] rest = ["--requests", "50", "--output-tokens", "50", "--gpus", "h200"];
        var users = Invocation.Run(["advise", "llama-3.2-1b", "--users", "120", "--every", "60", .. rest]);
        Assert.That(users.Output, Is.EqualTo(Invocation.Run(["advise", "llama-3.2-1b", "--rate", "2", .. rest]).Output));
        Assert.That(users.Output, Does.Contain("By cost: "));
    }

    [Test]
    public void Nothing_within_the_limits_is_exit_code_1()
    {
        var run = Invocation.Run([
            "advise",
            "llama-3.2-1b",
            "--rate",
            "2",
            "--gpus",
            "h200",
            "--max-watts",
            "1",
            "--max-usd-per-month",
            "1",
        ]);
        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Output, Does.Contain("Nothing here serves the traffic within all limits."));
    }

    [TestCase("--rate 1,2", "advise takes one rate")]
    [TestCase("--every 5", "--every: belongs to --users")]
    [TestCase("--users 5 --rate 2", "--users: give users or --rate, not both")]
    [TestCase("--max-ttft-ms 0", "--max-ttft-ms 0: use a number above 0")]
    [TestCase("--gpus h300", "'h300' is unknown")]
    [TestCase("--gpus h200,", "--gpus 'h200,'")]
    [TestCase("--rank-by size", "--rank-by 'size': write one of dollars, ttft, tpot, watts")]
    [TestCase("--input 200000", "exceeds the context of Llama 3.2 1B")]
    [TestCase("--quality nosuch.csv --gpus h200", "nosuch.csv: no such file")]
    public void Options_without_meaning_are_refused(string options, string message)
    {
        var run = Invocation.Run(["advise", "llama-3.2-1b", .. options.Split(' ')]);
        Assert.That(run.Code, Is.EqualTo(2), run.Output);
        Assert.That(run.Error, Does.Contain(message));
    }

    [Test]
    public void A_folder_without_config_says_so()
    {
        using var folder = new TemporaryFolder();
        var run = Invocation.Run("advise", folder.Path);
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("config.json: missing"));
    }

    private static string Figures(string model)
    {
        var run = Invocation.Run(["advise", model, .. Question]);
        Assert.That(run.Code, Is.Zero, run.Error);
        return string.Join(
            '\n',
            JsonDocument
                .Parse(run.Output)
                .RootElement.GetProperty("rows")
                .EnumerateArray()
                .Where(r => r.GetProperty("figures").ValueKind == JsonValueKind.Object)
                .Select(r => r.GetRawText())
        );
    }
}
