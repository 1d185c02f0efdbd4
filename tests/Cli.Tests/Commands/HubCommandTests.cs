using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>Models from a Hub in this process: one command to a running chip, the cache, and what is refused.</summary>
[Category("Smoke")]
[NonParallelizable]
public class HubCommandTests
{
    private static readonly string[] Variables = ["HF_ENDPOINT", "HF_HOME", "HF_TOKEN", "HF_HUB_CACHE", "HF_HUB_OFFLINE", "MODEL_ENDPOINT"];

    private readonly Dictionary<string, string?> _before = [];
    private FakeHub _hub = null!;
    private string _home = "";

    [SetUp]
    public void Start()
    {
        foreach (var name in Variables)
        {
            _before[name] = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, null);
        }

        _hub = new FakeHub();
        _home = TemporaryFolder.New();
        Environment.SetEnvironmentVariable("HF_ENDPOINT", _hub.Endpoint + "/");
        Environment.SetEnvironmentVariable("HF_HOME", _home);
    }

    [TearDown]
    public void Stop()
    {
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);
        _hub.Dispose();
    }

    [Test]
    public void One_command_leads_from_an_empty_folder_to_a_running_chip()
    {
        _hub.Files["tiny-Q8_0.gguf"] = File.ReadAllBytes(Shared.Path("golden/stories260K/stories260K-q8_0.gguf"));
        var (code, output, error) = Invocation.Run("run", "hf:a/b", "-p", "Once upon a time", "-n", "8", "--greedy");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That(output, Does.StartWith(", there was a"));
            Assert.That(error, Does.Contain("tokens/s"));
        });
    }

    [Test]
    public void What_was_pulled_is_listed_and_removed()
    {
        _hub.Files["tiny-Q8_0.gguf"] = File.ReadAllBytes(Shared.Path("golden/stories260K/stories260K-q8_0.gguf"));
        var (code, output, error) = Invocation.Run("pull", "hf:a/b:q8_0");
        Assert.That(code, Is.Zero, error);
        Assert.Multiple(() =>
        {
            Assert.That(output, Does.StartWith(_home).And.Contain("tiny-Q8_0.gguf: 1 file"));
            Assert.That(Invocation.Run("list", "cache").Output, Does.StartWith("hf:a/b").And.Contain("main"));
            Assert.That(Invocation.Run("inspect", "hf:a/b").Output, Does.Contain("llama"));
            Assert.That(Invocation.Run("cache", "rm", "hf:a/b").Output, Does.Contain("removed"));
            Assert.That(Invocation.Run("list", "cache").Output, Is.Empty);
            Assert.That(Invocation.Run("cache", "rm", "hf:a/b").Code, Is.EqualTo(2));
        });
    }

    [TestCase("pull", "a/b", "write hf:USER/NAME")]
    [TestCase("pull", "hf:a", "is no repository")]
    [TestCase("pull", "hf:a/none", "repository not found")]
    [TestCase("compare", "hf:a/none", "repository not found")]
    [TestCase("fit", "hf:a/b", "holds neither GGUF nor safetensors")]
    [TestCase("inspect", "hf:a/b:Q4_K_M", "holds no GGUF file")]
    public void What_cannot_be_had_is_one_line_and_code_2(string command, string model, string what)
    {
        var (code, _, error) = Invocation.Run(command, model);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error, Does.StartWith("taalas: ").And.Contain(what));
            Assert.That(error.TrimEnd('\n'), Does.Not.Contain("\n"));
        });
    }

    [Test]
    public void Folder_without_weights_is_one_line_and_code_2()
    {
        var folder = TemporaryFolder.New();
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"architectures":["LlamaForCausalLM"]}""");
        File.WriteAllBytes(Path.Combine(folder, "pytorch_model.bin"), [0x80, 2]);
        foreach (
            string[] arguments in (string[][])
                [
                    ["convert", folder, "-o", Path.Combine(folder, "m.gguf")],
                    ["fit", folder],
                    ["inspect", folder],
                ]
        )
        {
            var (code, _, error) = Invocation.Run(arguments);
            Assert.That((code, error), Is.EqualTo((2, error)), arguments[0]);
            Assert.That(error, Does.Contain("is a pickle").And.Contain("save_pretrained"), arguments[0]);
        }
    }
}
