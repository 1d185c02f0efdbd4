using System.Text.Json;
using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;

namespace TaalasSim.Compiler.Tests.Tokenizer;

/// <summary>Templates of well-known model families; the expected prompts are worked out from the families' documentation.</summary>
[Category("Compiler")]
public sealed class ChatTemplateTests
{
    private const string Chatml =
        "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private const string Llama2 =
        "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}"
        + "{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}"
        + "{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
        + "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
        + "{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' "
        + "+ message['content'] %}"
        + "{% else %}{% set content = message['content'] %}{% endif %}"
        + "{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}"
        + "{% elif message['role'] == 'assistant' %}{{ ' ' + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}";

    private const string Llama3 =
        "{% set loop_messages = messages %}{% for message in loop_messages %}"
        + "{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}"
        + "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}";

    private const string Gemma =
        "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
        + "{% for message in messages %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = "
        + "message['role'] %}{% endif %}"
        + "{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}";

    private const string Mistral = """
        {%- if messages[0]["role"] == "system" %}
            {%- set system_message = messages[0]["content"] %}
            {%- set loop_messages = messages[1:] %}
        {%- else %}
            {%- set loop_messages = messages %}
        {%- endif %}
        {%- set ns = namespace() %}
        {%- set ns.index = 0 %}
        {{- bos_token }}
        {%- for message in loop_messages %}
            {%- if message["role"] == "user" %}
                {%- if loop.last and system_message is defined %}
                    {{- "[INST] " + system_message + "\n\n" + message["content"] + "[/INST]" }}
                {%- else %}
                    {{- "[INST] " + message["content"] + "[/INST]" }}
                {%- endif %}
            {%- elif message["role"] == "assistant" %}
                {{- " " + message["content"]|trim + eos_token}}
            {%- else %}
                {{- raise_exception("Only user and assistant roles are supported") }}
            {%- endif %}
            {%- set ns.index = ns.index + 1 %}
        {%- endfor %}
        """;

    private const string Phi3 =
        "{% for message in messages %}{% if message['role'] == 'system' %}{{'<|system|>\n' + message['content'] + '<|end|>\n'}}"
        + "{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}"
        + "{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}";

    private const string Qwen = """
        {%- if tools %}
            {{- '<|im_start|>system\n' }}
            {%- if messages[0].role == 'system' %}
                {{- messages[0].content + '\n\n' }}
            {%- endif %}
            {{- "# Tools\n\n<tools>" }}
            {%- for tool in tools %}
                {{- "\n" }}
                {{- tool | tojson }}
            {%- endfor %}
            {{- "\n</tools><|im_end|>\n" }}
        {%- else %}
            {%- if messages[0].role == 'system' %}
                {{- '<|im_start|>system\n' + messages[0].content + '<|im_end|>\n' }}
            {%- endif %}
        {%- endif %}
        {%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
        {%- for message in messages[::-1] %}
            {%- set index = (messages|length - 1) - loop.index0 %}
            {%- if ns.multi_step_tool and message.role == "user" and message.content is string
                    and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
                {%- set ns.multi_step_tool = false %}
                {%- set ns.last_query_index = index %}
            {%- endif %}
        {%- endfor %}
        {%- for message in messages %}
            {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
                {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
            {%- elif message.role == "assistant" %}
                {%- set content = message.content %}
                {%- if '</think>' in message.content %}
                    {%- set content = message.content.split('</think>')[-1].lstrip('\n') %}
                {%- endif %}
                {{- '<|im_start|>' + message.role + '\n' + content + '<|im_end|>\n' }}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|im_start|>assistant\n' }}
            {%- if enable_thinking is defined and enable_thinking is false %}
                {{- '<think>\n\n</think>\n\n' }}
            {%- endif %}
        {%- endif %}
        """;

    private static readonly ChatMessage[] Turns = [new("user", "Hi"), new("assistant", "Hello."), new("user", " Why? ")];
    private static readonly ChatMessage[] WithSystem = [new("system", "Be kind."), .. Turns];

    [TestCase(
        Chatml,
        true,
        "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello.<|im_end|>\n"
            + "<|im_start|>user\n Why? <|im_end|>\n<|im_start|>assistant\n"
    )]
    [TestCase(Llama2, true, "<s>[INST] <<SYS>>\nBe kind.\n<</SYS>>\n\nHi [/INST] Hello. </s><s>[INST] Why? [/INST]")]
    [TestCase(
        Llama3,
        true,
        "<s><|start_header_id|>system<|end_header_id|>\n\nBe kind.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\nHello.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWhy?<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\n"
    )]
    [TestCase(
        Gemma,
        false,
        "<s><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\nHello.<end_of_turn>\n<start_of_turn>user\nWhy?<end_of_turn>\n"
            + "<start_of_turn>model\n"
    )]
    [TestCase(Mistral, true, "<s>[INST] Hi[/INST] Hello.</s>[INST] Be kind.\n\n Why? [/INST]")]
    [TestCase(
        Phi3,
        true,
        "<|system|>\nBe kind.<|end|>\n<|user|>\nHi<|end|>\n<|assistant|>\nHello.<|end|>\n<|user|>\n Why? <|end|>\n<|assistant|>\n"
    )]
    [TestCase(
        Qwen,
        true,
        "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello.<|im_end|>\n"
            + "<|im_start|>user\n Why? <|im_end|>\n<|im_start|>assistant\n"
    )]
    public void Families_prompts_come_out_as_documented(string template, bool withSystem, string expected) =>
        Assert.That(Render(template, withSystem ? WithSystem : Turns), Is.EqualTo(expected));

    [Test]
    public void The_template_of_a_real_vocabulary_renders() =>
        Assert.That(
            Render(GoldenVocabulary.Tokenizer("ggml-vocab-phi-3").ChatTemplate!, Turns),
            Is.EqualTo("<s><|user|>\nHi<|end|>\n<|assistant|>\nHello.<|end|>\n<|user|>\n Why? <|end|>\n<|assistant|>\n")
        );

    [Test]
    public void Tools_and_switches_reach_the_template_as_variables()
    {
        var text = Render(
            Qwen,
            [new("user", "Hi")],
            """{"tools":[{"name":"f","args":{"x":1,"y":[true,null,"é"]}}],"enable_thinking":false}"""
        );
        Assert.That(
            text,
            Is.EqualTo(
                "<|im_start|>system\n# Tools\n\n<tools>\n{\"name\": \"f\", \"args\": {\"x\": 1, \"y\": [true, null, "
                    + "\"é\"]}}\n</tools><|im_end|>\n"
                    + "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
            )
        );
    }

    // Expected values are Python's Jinja with trim_blocks and lstrip_blocks.
    [TestCase("{{ 1 + 2 * 3 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 3 }}", "7 3 -4 2 3.5 8")]
    [TestCase("{{ 1 ~ 'a' ~ 2.0 ~ none ~ true }}", "1a2.0NoneTrue")]
    [TestCase("{{ 'a' if false }}|{{ 'a' if 0 else 'b' }}", "|b")]
    [TestCase("{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 'a' in 'cat' }} {{ 3 not in [1, 2] }}", "True False True True")]
    [TestCase("{{ [1, 'a', None, {'k': 1.5}] }}", "[1, 'a', None, {'k': 1.5}]")]
    [TestCase("{{ 'abcde'[1:3] }} {{ 'abcde'[-2:] }} {{ 'abc'[::-1] }} {{ [1,2,3,4][::2] }} {{ 'abc'[7:] }}", "bc de cba [1, 3] ")]
    [TestCase("{{ x is defined }} {{ x | default('d') }} {{ '' | default('e', true) }} {{ none is none }}", "False d e True")]
    [TestCase("{% for i in range(3) %}{{ loop.index }}{{ ',' if not loop.last }}{% endfor %}", "1,2,3")]
    [TestCase("{% for i in [] %}x{% else %}none{% endfor %}", "none")]
    [TestCase("{% for i in range(9) if i is odd %}{{ i }}{% if i > 4 %}{% break %}{% endif %}{% endfor %}", "135")]
    [TestCase("{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}", "a=1;b=2;")]
    [TestCase("{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{% endfor %}{{ x }}", "1")]
    [TestCase("{% set n = namespace(x=1) %}{% for i in [1, 2] %}{% set n.x = n.x + i %}{% endfor %}{{ n.x }}", "4")]
    [TestCase("{% macro m(a, b='y') %}[{{ a }}{{ b }}]{% endmacro %}{{ m(1) }}{{ m(1, b=2) }}", "[1y][12]")]
    [TestCase("{% set t %}a{{ 1 }}{% endset %}{{ t | upper }}", "A1")]
    [TestCase("a\n  {% if true %}\nb\n  {% endif %}\nc", "a\nb\nc")]
    [TestCase("a  {{- 1 -}}  b", "a1b")]
    [TestCase("a\n  {%+ if true %}b{% endif +%}\nc", "a\n  b\nc")]
    [TestCase("a{# note #}\nb\n", "ab")]
    [TestCase("{{ [{'a': 1, 'b': 2}, {'a': 3}] | selectattr('b', 'defined') | map(attribute='a') | list }}", "[1]")]
    [TestCase("{{ [{'a': 'x'}, {'a': 'y'}] | rejectattr('a', 'equalto', 'x') | list | length }}", "1")]
    [TestCase("{{ ['a', 'b'] | map('upper') | join('-') }} {{ [3, 1] | first }} {{ 'x y'.split() | last }}", "A-B 3 y")]
    [TestCase("{{ {'a': [1], 'b': {}} | tojson(indent=2) }}", "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}")]
    [TestCase("{{ 'a-b-c'.replace('-', '+') }} {{ ' x '.strip() }}| {{ 'Ab'.lower() }} {{ 'ab cd' | title }}", "a+b+c x| ab Ab Cd")]
    [TestCase("{{ strftime_now('%d %B %Y, %-d %b %H:%M') }}", "05 March 2026, 5 Mar 14:07")]
    [TestCase("{{ {'a': 1}['a'] }}{{ {'a': 1}.get('b', 2) }}{{ '}}' }}", "12}}")]
    [TestCase(
        "{{ 6 is divisibleby 3 }} {{ 'a' is in ['a'] }} {{ {} is mapping }} {{ 1 is number and not 'a' is number }}",
        "True True True True"
    )]
    public void Expressions_and_tags_mean_what_they_mean_in_jinja(string template, string expected) =>
        Assert.That(Render(template, []), Is.EqualTo(expected));

    [TestCase("a\n{% include 'x' %}", "line 2: the statement 'include' is not supported")]
    [TestCase("{{ 1 | frobnicate }}", "line 1: the filter 'frobnicate'")]
    [TestCase("\n\n{{ x.y }}", "line 3: 'y' is asked of an undefined value")]
    [TestCase("{% if true %}", "the template ends before 'endif'")]
    [TestCase("{% for x in y %}{% endif %}", "expected 'endfor'")]
    [TestCase("{{ 'a }}", "closing quote")]
    [TestCase("{{ raise_exception('no') }}", "refuses this conversation: no")]
    [TestCase("{{ 1 // 0 }}", "division by zero")]
    [TestCase("{{ 9223372036854775807 + 1 }}", "too large")]
    [TestCase("{{ nothing() }}", "there is no function 'nothing'")]
    public void Faults_are_told_in_one_line_with_their_place(string template, string expected) =>
        Assert.That(() => Render(template, []), Throws.TypeOf<InputException>().With.Message.Contains(expected));

    [TestCase("{% for i in range(10000000000) %}{% endfor %}")]
    [TestCase("{% for i in range(9000) %}{% for j in range(9000) %}{% endfor %}{% endfor %}")]
    [TestCase("{{ 'a' * 10000000000 }}")]
    [TestCase("{% set n = namespace(x='aaaaaaaa') %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}")]
    [TestCase("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [TestCase("{% set n = namespace(x=[1, 2]) %}{% for i in range(99) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}")]
    public void Templates_that_would_not_end_or_fit_are_stopped(string template) =>
        Assert.That(() => Render(template, []), Throws.TypeOf<InputException>());

    [Test]
    public void Deep_nesting_is_refused_before_the_stack_ends()
    {
        foreach (var (open, close) in ((string, string)[])[("(", ")"), ("[", "]"), ("not ", ""), ("-", ""), ("{'a':", "}")])
            Assert.That(
                () =>
                    Render(
                        "{{ "
                            + string.Concat(Enumerable.Repeat(open, 50_000))
                            + "1"
                            + string.Concat(Enumerable.Repeat(close, 50_000))
                            + " }}",
                        []
                    ),
                Throws.TypeOf<InputException>(),
                open
            );
    }

    [Test]
    public void Damaged_templates_render_or_are_refused()
    {
        var pieces = new[]
        {
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "-",
            "'",
            "if",
            " for ",
            " in ",
            "(",
            "[",
            "]",
            ":",
            "|",
            ".",
            "endif",
            "1",
            "x",
            "\n",
        };
        Gen.Select(Gen.Int[0, Qwen.Length - 1], Gen.Int[0, 40], Gen.Int[0, pieces.Length - 1])
            .Sample(
                (at, cut, piece) =>
                {
                    var damaged = Qwen[..at] + pieces[piece] + Qwen[Math.Min(Qwen.Length, at + cut)..];
                    try
                    {
                        Render(damaged, WithSystem);
                    }
                    catch (InputException e)
                    {
                        Assert.That(e.Message, Does.StartWith("chat template, line "));
                    }
                },
                iter: 3000
            );
    }

    private static string Render(string template, ChatMessage[] messages, string variables = "{}")
    {
        using var document = JsonDocument.Parse(variables);
        return ChatTemplate
            .Parse(template)
            .Render(
                new ChatTemplateInput
                {
                    Messages = messages,
                    AddGenerationPrompt = true,
                    BosToken = "<s>",
                    EosToken = "</s>",
                    Now = new DateTime(2026, 3, 5, 14, 7, 9, DateTimeKind.Unspecified),
                    Variables = document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal),
                }
            );
    }
}
