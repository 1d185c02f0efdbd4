using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Cli.Options;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary><c>run --chat</c>: from the template in the model to the tokens that the chip reads.</summary>
[Category("Smoke")]
[NonParallelizable]
public class ChatCommandTests
{
    private const string Template =
        "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}{{ m.content }}{% else %}<|user|>{{ m.content }}{% endif "
            + "%}{% endfor %}{% if add_generation_prompt %}p{% endif %}";

    private static readonly Lazy<string> Chatting = new(() => TinyModel.Chip(AddChat));
    private static readonly Lazy<string> Plain = new(() => TinyModel.Chip());

    [Test]
    public void The_prompt_goes_into_the_models_template_and_begins_with_one_bos()
    {
        var answer = Answer(Chatting.Value, "-p", "abc", "--chat");
        Assert.Multiple(() =>
        {
            Assert.That(answer.Prompt, Is.EqualTo("<s><|user|>abcp"));
            Assert.That(answer.PromptTokens, Is.EqualTo(6));
            Assert.That(Logits("-p", "abc", "--chat"), Is.EqualTo(Logits("--prompt-ids", $"{TinyModel.Bos},{TinyModel.User},0,1,2,15")));
        });
    }

    [Test]
    public void A_bos_that_the_template_leaves_to_the_tokenizer_is_added()
    {
        var answer = Answer(Chatting.Value, "-p", "abc", "--chat-template", Written("<|user|>{{ messages[0].content }}"));
        Assert.Multiple(() =>
        {
            Assert.That(answer.Prompt, Is.EqualTo("<|user|>abc"));
            Assert.That(answer.PromptTokens, Is.EqualTo(5));
        });
    }

    [Test]
    public void A_system_message_stands_in_front() =>
        Assert.That(Answer(Chatting.Value, "-p", "abc", "--chat", "--system", "de").Prompt, Is.EqualTo("<s>de<|user|>abcp"));

    [TestCase("tool_use", "toolsabc")]
    [TestCase("default", "<s><|user|>abcp")]
    public void Templates_of_the_model_go_by_name(string name, string expected) =>
        Assert.That(Answer(Chatting.Value, "-p", "abc", "--chat-template", name).Prompt, Is.EqualTo(expected));

    [Test]
    public void A_file_serves_a_model_without_a_template() =>
        Assert.That(Answer(Plain.Value, "-p", "abc", "--chat-template", Written(Template)).Prompt, Is.EqualTo("<s><|user|>abcp"));

    [Test]
    public void Generation_stops_at_the_end_of_a_turn()
    {
        var free = Answer(Chatting.Value, "-p", "abc", "--chat", "-n", "4").Tokens;
        var ended = TinyModel.Chip(writer =>
        {
            AddChat(writer);
            writer.Add("tokenizer.ggml.eot_token_id", (uint)free[0]);
        });
        Assert.Multiple(() =>
        {
            Assert.That(free, Has.Length.EqualTo(4));
            Assert.That(Answer(ended, "-p", "abc", "--chat", "-n", "4").Tokens, Is.EqualTo(free[..1]));
        });
    }

    [Test]
    public void Prompts_without_a_template_are_as_given() => Assert.That(Answer(Chatting.Value, "-p", "abc").Prompt, Is.EqualTo("abc"));

    [TestCase("--system needs --chat", "-p", "abc", "--system", "de")]
    [TestCase("give -p TEXT instead of --prompt-ids", "--prompt-ids", "1", "--chat")]
    [TestCase("give -p TEXT", "--chat")]
    [TestCase(
        "no-such.jinja: no such file, and no template of the model; it has default, tool_use",
        "-p",
        "abc",
        "--chat-template",
        "no-such.jinja"
    )]
    public void What_cannot_be_asked_for_is_refused(string message, params string[] options) => Refused(Chatting.Value, message, options);

    [TestCase(
        "the template refuses this conversation: System role not supported",
        "{{ messages[0].content }}{{ raise_exception('System role\nnot supported') }}"
    )]
    [TestCase("mine.jinja: chat template, line 2: 'y' is asked of an undefined value", "\n{{ x.y }}")]
    [TestCase("mine.jinja: chat template, line 1: the template ends before 'endif'", "{% if true %}")]
    [TestCase("characters, at most 1048576 are allowed", null)]
    public void A_template_that_fails_is_refused_with_its_place(string message, string? template) =>
        Refused(
            Chatting.Value,
            message,
            "-p",
            "abc",
            "--system",
            "de",
            "--chat-template",
            Written(template ?? new string('a', (1 << 20) + 1))
        );

    [Test]
    public void A_file_that_is_no_text_is_refused()
    {
        var path = Written("");
        File.WriteAllBytes(path, [0x61, 0xFF, 0xFE]);
        Refused(Chatting.Value, "not UTF-8 text", "-p", "abc", "--chat-template", path);
    }

    [Test]
    public void A_model_without_a_template_is_given_chat_ml() =>
        Assert.That(
            Answer(Plain.Value, "-p", "abc", "--chat").Prompt,
            Is.EqualTo("<|im_start|>user\nabc<|im_end|>\n<|im_start|>assistant\n")
        );

    private static void AddChat(GgufWriter writer)
    {
        writer.Add("tokenizer.ggml.add_bos_token", true);
        writer.Add("tokenizer.chat_template", Template);
        writer.Add("tokenizer.chat_template.tool_use", "tools{{ messages[0].content }}");
    }

    private static string Written(string template)
    {
        var path = Path.Combine(TemporaryFolder.New(), "mine.jinja");
        File.WriteAllText(path, template);
        return path;
    }

    private static (string Prompt, int PromptTokens, int[] Tokens) Answer(string chip, params string[] options)
    {
        var (code, output, error) = Invocation.Run([
            "run",
            chip,
            "--greedy",
            "--json",
            .. options.Contains("-n") ? options : ["-n", "1", .. options],
        ]);
        Assert.That(code, Is.Zero, error);
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        return (
            root.GetProperty("prompt").GetString()!,
            root.GetProperty("prompt_tokens").GetInt32(),
            [.. root.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())]
        );
    }

    private static byte[] Logits(params string[] options)
    {
        var path = Path.Combine(TemporaryFolder.New(), "logits.f32");
        var (code, _, error) = Invocation.Run(["run", Chatting.Value, "-n", "0", "--logits", path, "--json", .. options]);
        Assert.That(code, Is.Zero, error);
        return File.ReadAllBytes(path);
    }

    private static void Refused(string chip, string message, params string[] options)
    {
        var (code, output, error) = Invocation.Run(["run", chip, .. options]);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.BadInput));
            Assert.That(output, Is.Empty);
            Assert.That(error, Does.Contain(message));
            Assert.That(error.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1), error);
        });
    }
}
