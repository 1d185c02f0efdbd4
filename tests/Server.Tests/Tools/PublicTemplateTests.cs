using NUnit.Framework;
using TaalasSim.Server.Tools;
using TaalasSim.Support;

namespace TaalasSim.Server.Tests.Tools;

/// <summary>
/// The chat templates of public models that llama.cpp collects belong to the families whose writing is read. The templates are data of
/// their models and are not part of this project: TAALAS_CHAT_TEMPLATES names the folder that holds them.
/// </summary>
[Category("Smoke")]
public class PublicTemplateTests
{
    private static readonly string? Folder =
        Environment.GetEnvironmentVariable("TAALAS_CHAT_TEMPLATES") is { Length: > 0 } given ? given
        : Shared.Has("templates") ? Shared.Path("templates")
        : null;

    [TestCase("openai-gpt-oss-120b", "harmony")]
    [TestCase("Kimi-K2-Instruct", "kimi-k2")]
    [TestCase("Kimi-K2-Thinking", "kimi-k2")]
    [TestCase("moonshotai-Kimi-K2", "kimi-k2")]
    [TestCase("MiniMax-M2", "minimax-m2")]
    [TestCase("ByteDance-Seed-OSS", "seed")]
    [TestCase("GLM-4.6", "glm")]
    [TestCase("GLM-4.7-Flash", "glm")]
    [TestCase("Qwen3-Coder", "coder")]
    [TestCase("Qwen3.5-4B", "coder")]
    [TestCase("NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", "coder")]
    [TestCase("NVIDIA-Nemotron-Nano-v2", "nemotron")]
    [TestCase("Qwen-Qwen2.5-7B-Instruct", "hermes")]
    [TestCase("Qwen-Qwen3-0.6B", "hermes")]
    [TestCase("NousResearch-Hermes-3-Llama-3.1-8B-tool_use", "hermes")]
    [TestCase("ibm-granite-granite-4.0", "hermes")]
    [TestCase("ibm-granite-granite-3.3-2B-Instruct", "granite")]
    [TestCase("mistralai-Mistral-Nemo-Instruct-2407", "mistral")]
    [TestCase("Mistral-Small-3.2-24B-Instruct-2506", "mistral-id")]
    [TestCase("unsloth-mistral-Devstral-Small-2507", "mistral-args")]
    [TestCase("mistralai-Ministral-3-14B-Reasoning-2512", "mistral-args")]
    [TestCase("llama-cpp-deepseek-r1", "deepseek")]
    [TestCase("deepseek-ai-DeepSeek-R1-Distill-Llama-8B", "deepseek")]
    [TestCase("deepseek-ai-DeepSeek-V3.1", "deepseek-v3.1")]
    [TestCase("CohereForAI-c4ai-command-r7b-12-2024-tool_use", "command-r7b")]
    [TestCase("Cohere2MoE", "command-r7b")]
    [TestCase("CohereForAI-c4ai-command-r-plus-tool_use", "command-r")]
    [TestCase("LFM2-8B-A1B", "lfm2")]
    [TestCase("LFM2.5-Instruct", "lfm2")]
    [TestCase("LFM2.5-8B-A1B", "lfm2")]
    [TestCase("unsloth-Apriel-1.5", "apriel")]
    [TestCase("Apriel-1.6-15b-Thinker-fixed", "apriel")]
    [TestCase("fireworks-ai-llama-3-firefunction-v2", "firefunction")]
    [TestCase("meetkai-functionary-medium-v3.1", "functionary")]
    [TestCase("meta-llama-Llama-3.1-8B-Instruct", "json")]
    [TestCase("meta-llama-Llama-3.3-70B-Instruct", "json")]
    public void A_template_shows_its_family(string model, string family)
    {
        if (Folder is null)
            Assert.Ignore("needs the chat templates of public models; TAALAS_CHAT_TEMPLATES names their folder");
        var text = File.ReadAllText(Path.Combine(Folder!, model + ".jinja"));
        Assert.That(ToolSyntax.Of(text).Name, Is.EqualTo(family));
    }

    [TestCase("openai-gpt-oss-120b", "<|channel|>analysis<|message|>")]
    [TestCase("ByteDance-Seed-OSS", "<seed:think>")]
    [TestCase("mistralai-Ministral-3-14B-Reasoning-2512", "[THINK]")]
    [TestCase("CohereForAI-c4ai-command-r7b-12-2024-tool_use", "<|START_THINKING|>")]
    [TestCase("Qwen-Qwen3-0.6B", "<think>")]
    [TestCase("Kimi-K2-Thinking", "<think>")]
    public void A_template_shows_how_reasoning_begins(string model, string open)
    {
        if (Folder is null)
            Assert.Ignore("needs the chat templates of public models; TAALAS_CHAT_TEMPLATES names their folder");
        Assert.That(ReasoningSyntax.Of(File.ReadAllText(Path.Combine(Folder!, model + ".jinja"))).Open, Is.EqualTo(open));
    }
}
