namespace TaalasSim.Server.Tools;

/// <summary>The families, those first whose signs are more.</summary>
internal static class ToolSyntaxes
{
    /// <summary>A bare object (Llama 3).</summary>
    public static readonly ToolSyntax Parameters = new() { Name = "json", Key = "parameters" };

    /// <summary>A bare object, of models that know nothing of tools.</summary>
    public static readonly ToolSyntax Json = new() { Name = "json" };

    /// <summary>Families with signs.</summary>
    public static readonly IReadOnlyList<ToolSyntax> All =
    [
        new()
        {
            Name = "harmony",
            Signs = ["<|channel|>"],
            Call = "<|channel|>commentary to=functions.$name <|constrain|>json<|message|>$arguments",
            IsHarmony = true,
        },
        new()
        {
            Name = "kimi-k2",
            Signs = ["<|tool_calls_section_begin|>", "<|tool_call_begin|>"],
            ListOpen = "<|tool_calls_section_begin|>",
            Call = "<|tool_call_begin|>functions.$name:$index<|tool_call_argument_begin|>$arguments<|tool_call_end|>",
            ListClose = "<|tool_calls_section_end|>",
        },
        new()
        {
            Name = "minimax-m2",
            Signs = ["<minimax:tool_call>", "<invoke name="],
            ListOpen = "<minimax:tool_call>\n",
            Call = "<invoke name=\"$name\">\n$arguments</invoke>\n",
            Arguments = new("<parameter name=\"$key\">$value</parameter>\n"),
            ListClose = "</minimax:tool_call>",
        },
        new()
        {
            Name = "seed",
            Signs = ["<seed:tool_call>", "<function=", "<parameter="],
            Call = "<seed:tool_call>\n<function=$name>\n$arguments</function>\n</seed:tool_call>",
            Arguments = new("<parameter=$key>$value</parameter>\n"),
        },
        new()
        {
            Name = "glm",
            Signs = ["<tool_call>", "<arg_key>", "<arg_value>"],
            Call = "<tool_call>$name\n$arguments</tool_call>",
            Arguments = new("<arg_key>$key</arg_key>\n<arg_value>$value</arg_value>\n"),
        },
        new()
        {
            Name = "coder",
            Signs = ["<tool_call>", "<function=", "<parameter="],
            Call = "<tool_call>\n<function=$name>\n$arguments</function>\n</tool_call>",
            Arguments = new("<parameter=$key>\n$value\n</parameter>\n"),
        },
        List("apriel", "<tool_calls>[", "]</tool_calls>"),
        new()
        {
            Name = "hermes",
            Signs = ["<tool_call>"],
            Call = "<tool_call>\n$call\n</tool_call>",
        },
        new()
        {
            Name = "mistral-id",
            Signs = ["[TOOL_CALLS]", "[CALL_ID]", "[ARGS]"],
            Call = "[TOOL_CALLS]$name[CALL_ID]$id[ARGS]$arguments",
            IdLength = 9,
        },
        new()
        {
            Name = "mistral-args",
            Signs = ["[TOOL_CALLS]", "[ARGS]"],
            Call = "[TOOL_CALLS]$name[ARGS]$arguments",
            IdLength = 9,
        },
        List("mistral", "[TOOL_CALLS][", "]", "[TOOL_CALLS]") with
        {
            IdKey = "id",
            IdLength = 9,
        },
        DeepSeek("deepseek", "function<｜tool▁sep｜>$name\n```json\n$arguments\n```", "```json"),
        DeepSeek("deepseek-v3.1", "$name<｜tool▁sep｜>$arguments"),
        List("command-r7b", "<|START_ACTION|>[", "]<|END_ACTION|>", "<|START_ACTION|>") with
        {
            NameKey = "tool_name",
            Key = "parameters",
            IndexKey = "tool_call_id",
        },
        List("command-r", "Action:\n```json\n[", "]\n```", "Action:", "tool_name") with
        {
            NameKey = "tool_name",
            Key = "parameters",
        },
        Lfm2("<|tool_list_start|>"),
        Lfm2("List of tools: ["),
        List("nemotron", "<TOOLCALL>[", "]</TOOLCALL>", "<TOOLCALL>"),
        List("granite", "<|tool_call|>[", "]", "<|tool_call|>"),
        List("firefunction", "functools[", "]", "functools["),
        new()
        {
            Name = "functionary",
            Signs = ["<function="],
            Call = "<function=$name>$arguments</function>",
        },
    ];

    private static ToolSyntax List(string name, string open, string close, params string[] signs) =>
        new()
        {
            Name = name,
            Signs = signs.Length > 0 ? signs : [open],
            ListOpen = open,
            Separator = ", ",
            ListClose = close,
        };

    private static ToolSyntax DeepSeek(string name, string call, params string[] signs) =>
        new()
        {
            Name = name,
            Signs = ["<｜tool▁calls▁begin｜>", .. signs],
            ListOpen = "<｜tool▁calls▁begin｜>",
            Call = $"<｜tool▁call▁begin｜>{call}<｜tool▁call▁end｜>",
            ListClose = "<｜tool▁calls▁end｜>",
        };

    private static ToolSyntax Lfm2(string sign) =>
        List("lfm2", "<|tool_call_start|>[", "]<|tool_call_end|>", sign) with
        {
            Call = "$name($arguments)",
            Arguments = new("$key=$value", ", ", IsPython: true),
        };
}
