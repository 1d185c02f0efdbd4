using NUnit.Framework;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;

namespace TaalasSim.Compiler.Tests.Tokenizer;

/// <summary>Tokens of rendered prompts: BOS and EOS once, whether the template or the tokenizer puts them.</summary>
[Category("Compiler")]
public sealed class ChatPromptTests
{
    private const int Bos = 256,
        Eos = 257,
        User = 258,
        A = 'a' - 0x21;

    // Letter a has the place of its code after '!'; the special tokens stand behind the 256 bytes.
    [TestCase(true, false, "<s><|user|>a", Bos, User, A)]
    [TestCase(true, false, "<|user|>a", Bos, User, A)]
    [TestCase(true, false, "<s><s>a", Bos, Bos, A)]
    [TestCase(true, false, "a<s>", Bos, A, Bos)]
    [TestCase(true, false, "<s>", Bos)]
    [TestCase(false, false, "<s><|user|>a", Bos, User, A)]
    [TestCase(false, false, "<|user|>a</s>", User, A, Eos)]
    [TestCase(true, true, "<s>a</s>", Bos, A, Eos)]
    [TestCase(false, true, "<s>a</s>a", Bos, A, Eos, A, Eos)]
    public void Bos_and_eos_stand_once(bool addsBos, bool addsEos, string prompt, params int[] expected) =>
        Assert.That(ChatPrompt.Encode(Tokenizer(addsBos, addsEos), prompt), Is.EqualTo(expected));

    [Test]
    public void A_tokenizer_without_bos_takes_any_prompt()
    {
        var tokenizer = TextTokenizer.Create(SmallVocabularies.ByteLevel("glm4", []) with { AddBos = false });
        Assert.That(ChatPrompt.Encode(tokenizer, "aa"), Is.EqualTo((int[])[A, A]));
    }

    [Test]
    public void Templates_know_bos_eos_the_generation_prompt_and_that_thinking_is_on()
    {
        var template = ChatTemplate.Parse(
            "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ add_generation_prompt }}{{ enable_thinking }}{{ "
                + "strftime_now('%Y') }}"
        );
        Assert.That(
            ChatPrompt.Render(Tokenizer(addsBos: true, addsEos: false), template, [new("user", "a")], new DateTime(2026, 3, 5)),
            Is.EqualTo("<s>a</s>TrueTrue2026")
        );
    }

    [TestCase(
        "{% for m in messages %}<{{ m.role }}>{% for c in m.content %}{% if c.type == 'text' %}{{ c.text }}{% endif %}{% endfor %}{% "
            + "endfor %}",
        "<user>a"
    )]
    [TestCase("{{ messages[0].content[0].text }}", "a")]
    [TestCase("{{ messages[0].content }}", "a")]
    [TestCase(
        "{% if messages[0].content is string %}{{ messages[0].content }}{% else %}{{ messages[0].content[0].text }}!{% endif %}",
        "a"
    )]
    public void A_template_gets_contents_in_the_form_that_it_reads(string template, string expected) =>
        Assert.That(Rendered(template, new ChatMessage("user", "a")), Is.EqualTo(expected));

    [TestCase("{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}", "<system>s<user>a")]
    [TestCase("{% for m in messages if m.role != 'system' %}<{{ m.role }}>{{ m.content }}{% endfor %}", "<user>s\na")]
    [TestCase("{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}{{ messages[0].content }}", "s\na")]
    public void A_system_message_joins_the_next_where_the_template_reads_none(string template, string expected) =>
        Assert.That(Rendered(template, new ChatMessage("system", "s"), new ChatMessage("user", "a")), Is.EqualTo(expected));

    [Test]
    public void Templates_know_the_day() =>
        Assert.That(Rendered("{{ date_string }}|{{ datetime }}", new ChatMessage("user", "a")), Is.EqualTo("05 Mar 2026|Mar 05 2026"));

    [Test]
    public void Chat_ml_is_there_for_models_without_a_template() =>
        Assert.That(
            Rendered(ChatPrompt.ChatMl, new ChatMessage("system", "s"), new ChatMessage("user", "a")),
            Is.EqualTo("<|im_start|>system\ns<|im_end|>\n<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n")
        );

    [Test]
    public void A_developer_speaks_as_the_system() =>
        Assert.That(
            Rendered(
                "{% for m in messages %}<{{ m.role }}>{% if m.role == 'system' %}{{ m.content }}{% endif %}{% endfor %}",
                new ChatMessage("developer", "d")
            ),
            Is.EqualTo("<system>d")
        );

    private static string Rendered(string template, params ChatMessage[] messages) =>
        ChatPrompt.Render(
            Tokenizer(addsBos: true, addsEos: false),
            ChatPrompt.Parse(template),
            messages,
            new DateTime(2026, 3, 5, 14, 7, 9)
        );

    private static TextTokenizer Tokenizer(bool addsBos, bool addsEos) =>
        TextTokenizer.Create(
            SmallVocabularies.ByteLevel("gpt-2", [], "<s>", "</s>", "<|user|>") with
            {
                AddBos = addsBos,
                AddEos = addsEos,
                SpecialTokens = new SpecialTokenIds { Bos = Bos, Eos = Eos },
            }
        );
}
