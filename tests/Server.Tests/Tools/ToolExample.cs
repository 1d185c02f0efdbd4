namespace TaalasSim.Server.Tests.Tools;

/// <summary>How a family writes one call of <c>weather</c> with city Ulm and days 2, and two calls.</summary>
/// <param name="Family">Name of the family.</param>
/// <param name="Template">What its chat template has in it.</param>
/// <param name="One">An answer with one call; <c>Let me see.</c> stands before it where the family can say something before a call.</param>
/// <param name="Two">An answer with two calls, of Ulm and of Bonn; empty where the family makes one at a time.</param>
/// <param name="Ids">Names of the two calls, where the model gives them.</param>
public sealed record ToolExample(string Family, string Template, string One, string Two, params string[] Ids)
{
    private const string Ulm = """{"city": "Ulm", "days": 2}""",
        Bonn = """{"city": "Bonn"}""";

    /// <summary>Examples as the chat templates of the models write earlier calls of a conversation.</summary>
    public static readonly IReadOnlyList<ToolExample> All =
    [
        new(
            "hermes",
            "<tool_call>",
            $"Let me see.\n<tool_call>\n{{\"name\": \"weather\", \"arguments\": {Ulm}}}\n</tool_call>",
            $"<tool_call>\n{{\"name\": \"weather\", \"arguments\": {Ulm}}}\n</tool_call>\n"
                + $"<tool_call>\n{{\"name\": \"weather\", \"arguments\": {Bonn}}}\n</tool_call>"
        ),
        new(
            "coder",
            "<tool_call><function=<parameter=",
            "Let me see.\n<tool_call>\n<function=weather>\n<parameter=city>\nUlm\n</parameter>\n"
                + "<parameter=days>\n2\n</parameter>\n</function>\n</tool_call>",
            "<tool_call>\n<function=weather>\n<parameter=city>\nUlm\n</parameter>\n<parameter=days>\n2\n</parameter>\n</function>\n"
                + "</tool_call>\n<tool_call>\n<function=weather>\n<parameter=city>\nBonn\n</parameter>\n</function>\n</tool_call>"
        ),
        new(
            "seed",
            "<seed:tool_call><function=<parameter=",
            "Let me see.<seed:tool_call>\n<function=weather>\n<parameter=city>Ulm</parameter>\n"
                + "<parameter=days>2</parameter>\n</function>\n</seed:tool_call>",
            "<seed:tool_call>\n<function=weather>\n<parameter=city>Ulm</parameter>\n<parameter=days>2</parameter>\n</function>\n"
                + "</seed:tool_call>\n<seed:tool_call>\n<function=weather>\n<parameter=city>Bonn</parameter>\n</function>\n"
                + "</seed:tool_call>"
        ),
        new(
            "glm",
            "<tool_call><arg_key><arg_value>",
            "Let me see.\n<tool_call>weather\n<arg_key>city</arg_key>\n<arg_value>Ulm</arg_value>\n"
                + "<arg_key>days</arg_key>\n<arg_value>2</arg_value>\n</tool_call>",
            "<tool_call>weather<arg_key>city</arg_key><arg_value>Ulm</arg_value><arg_key>days</arg_key><arg_value>2</arg_value></tool_call>"
                + "<tool_call>weather<arg_key>city</arg_key><arg_value>Bonn</arg_value></tool_call>"
        ),
        new(
            "minimax-m2",
            "<minimax:tool_call><invoke name=",
            "Let me see.\n<minimax:tool_call>\n<invoke name=\"weather\">\n<parameter name=\"city\">Ulm</parameter>\n"
                + "<parameter name=\"days\">2</parameter>\n</invoke>\n</minimax:tool_call>",
            "<minimax:tool_call>\n<invoke name=\"weather\">\n<parameter name=\"city\">Ulm</parameter>\n"
                + "<parameter name=\"days\">2</parameter>\n"
                + "</invoke>\n<invoke name=\"weather\">\n<parameter name=\"city\">Bonn</parameter>\n</invoke>\n</minimax:tool_call>"
        ),
        new(
            "kimi-k2",
            "<|tool_calls_section_begin|><|tool_call_begin|>",
            "Let me see.<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:0<|tool_call_argument_begin|>"
                + $"{Ulm}<|tool_call_end|><|tool_calls_section_end|>",
            $"<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:0<|tool_call_argument_begin|>{Ulm}<|tool_call_end|>"
                + $"<|tool_call_begin|>functions.weather:1<|tool_call_argument_begin|>{Bonn}<|tool_call_end|><|tool_calls_section_end|>",
            "functions.weather:0",
            "functions.weather:1"
        ),
        new(
            "harmony",
            "<|channel|>",
            "<|channel|>commentary<|message|>Let me see.<|end|><|start|>assistant<|channel|>commentary to=functions.weather "
                + $"<|constrain|>json<|message|>{Ulm}",
            ""
        ),
        new(
            "mistral",
            "[TOOL_CALLS]",
            $"Let me see.[TOOL_CALLS][{{\"name\": \"weather\", \"arguments\": {Ulm}, \"id\": \"abc123def\"}}]",
            $"[TOOL_CALLS][{{\"name\": \"weather\", \"arguments\": {Ulm}, \"id\": \"abc123def\"}}, "
                + $"{{\"name\": \"weather\", \"arguments\": {Bonn}, \"id\": \"ghi456jkl\"}}]",
            "abc123def",
            "ghi456jkl"
        ),
        new(
            "mistral-args",
            "[TOOL_CALLS][ARGS]",
            $"Let me see.[TOOL_CALLS]weather[ARGS]{Ulm}",
            $"[TOOL_CALLS]weather[ARGS]{Ulm}[TOOL_CALLS]weather[ARGS]{Bonn}"
        ),
        new(
            "mistral-id",
            "[TOOL_CALLS][CALL_ID][ARGS]",
            $"Let me see.[TOOL_CALLS]weather[CALL_ID]000000001[ARGS]{Ulm}",
            $"[TOOL_CALLS]weather[CALL_ID]000000001[ARGS]{Ulm}[TOOL_CALLS]weather[CALL_ID]000000002[ARGS]{Bonn}",
            "000000001",
            "000000002"
        ),
        new(
            "deepseek",
            "<｜tool▁calls▁begin｜>```json",
            $"Let me see.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>weather\n```json\n{Ulm}\n```"
                + "<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
            $"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>weather\n```json\n{Ulm}\n```<｜tool▁call▁end｜>\n"
                + $"<｜tool▁call▁begin｜>function<｜tool▁sep｜>weather\n```json\n{Bonn}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
        ),
        new(
            "deepseek-v3.1",
            "<｜tool▁calls▁begin｜>",
            $"Let me see.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>weather<｜tool▁sep｜>{Ulm}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
            $"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>weather<｜tool▁sep｜>{Ulm}<｜tool▁call▁end｜>"
                + $"<｜tool▁call▁begin｜>weather<｜tool▁sep｜>{Bonn}<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
        ),
        new(
            "command-r7b",
            "<|START_ACTION|>",
            "Let me see.<|START_ACTION|>[\n"
                + $"    {{\"tool_call_id\": \"0\", \"tool_name\": \"weather\", \"parameters\": {Ulm}}}\n]<|END_ACTION|>",
            $"<|START_ACTION|>[\n    {{\"tool_call_id\": \"0\", \"tool_name\": \"weather\", \"parameters\": {Ulm}}},\n"
                + $"    {{\"tool_call_id\": \"1\", \"tool_name\": \"weather\", \"parameters\": {Bonn}}}\n]<|END_ACTION|>",
            "0",
            "1"
        ),
        new(
            "command-r",
            "Action:tool_name",
            $"Let me see.\nAction:\n```json\n[{{\"tool_name\": \"weather\", \"parameters\": {Ulm}}}]\n```",
            $"Action:\n```json\n[{{\"tool_name\": \"weather\", \"parameters\": {Ulm}}},\n"
                + $"{{\"tool_name\": \"weather\", \"parameters\": {Bonn}}}]\n```"
        ),
        new(
            "lfm2",
            "<|tool_list_start|>",
            "Let me see.<|tool_call_start|>[weather(city=\"Ulm\", days=2)]<|tool_call_end|>",
            "<|tool_call_start|>[weather(city=\"Ulm\", days=2), weather(city=\"Bonn\")]<|tool_call_end|>"
        ),
        List("nemotron", "<TOOLCALL>[", "]</TOOLCALL>"),
        List("apriel", "<tool_calls>[", "]</tool_calls>"),
        List("granite", "<|tool_call|>[", "]"),
        List("firefunction", "functools[", "]"),
        new(
            "functionary",
            "<function=",
            $"Let me see.<function=weather>{Ulm}</function>",
            $"<function=weather>{Ulm}</function><function=weather>{Bonn}</function>"
        ),
        new("json", "\"parameters\"", $"{{\"name\": \"weather\", \"parameters\": {Ulm}}}", ""),
    ];

    /// <summary>Whether text can stand before a call.</summary>
    public bool Talks => !One.StartsWith('{');

    /// <inheritdoc/>
    public override string ToString() => Family;

    private static ToolExample List(string family, string open, string close) =>
        new(
            family,
            open,
            $"Let me see.{open}{{\"name\": \"weather\", \"arguments\": {Ulm}}}{close}",
            $"{open}{{\"name\": \"weather\", \"arguments\": {Ulm}}}, {{\"name\": \"weather\", \"arguments\": {Bonn}}}{close}"
        );
}
