namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Chat formats that programs know by a name, for models whose files bring no template. The names are llama.cpp's.</summary>
public static class NamedTemplates
{
    private const string Ending = "{%- if add_generation_prompt -%}";

    private static readonly Dictionary<string, string> Sources = new(StringComparer.Ordinal)
    {
        ["chatml"] = ChatPrompt.ChatMl,
        ["llama2"] =
            "{%- for m in messages -%}{%- if m.role == 'system' -%}{{ '[INST] <<SYS>>\n' + m.content + '\n<</SYS>>\n\n' }}"
            + "{%- elif m.role == 'user' -%}{{ ('' if loop.index0 == 1 and messages[0].role == 'system' else '[INST] ') + m.content + "
            + "' [/INST]' }}"
            + "{%- else -%}{{ m.content }}{%- endif -%}{%- endfor -%}",
        ["llama3"] =
            "{%- for m in messages -%}{{ '<|start_header_id|>' + m.role + '<|end_header_id|>\n\n' + m.content | trim + '<|eot_id|>' "
            + "}}{%- endfor -%}"
            + Ending
            + "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{%- endif -%}",
        ["gemma"] =
            "{%- set ns = namespace(system='') -%}{%- for m in messages -%}{%- if m.role == 'system' -%}{%- set ns.system = m.content "
            + "| trim + '\n\n' -%}"
            + "{%- else -%}{{ '<start_of_turn>' + ('model' if m.role == 'assistant' else m.role) + '\n' + (ns.system if m.role != "
            + "'assistant' else '') + m.content | trim + '<end_of_turn>\n' }}"
            + "{%- set ns.system = '' -%}{%- endif -%}{%- endfor -%}"
            + Ending
            + "{{ '<start_of_turn>model\n' }}{%- endif -%}",
        ["phi3"] =
            "{%- for m in messages -%}{{ '<|' + m.role + '|>\n' + m.content + '<|end|>\n' }}{%- endfor -%}"
            + Ending
            + "{{ '<|assistant|>\n' }}{%- endif -%}",
        ["phi4"] =
            "{%- for m in messages -%}{{ '<|im_start|>' + m.role + '<|im_sep|>' + m.content + '<|im_end|>' }}{%- endfor -%}"
            + Ending
            + "{{ '<|im_start|>assistant<|im_sep|>' }}{%- endif -%}",
        ["zephyr"] =
            "{%- for m in messages -%}{{ '<|' + m.role + '|>\n' + m.content + '<|endoftext|>\n' }}{%- endfor -%}"
            + Ending
            + "{{ '<|assistant|>\n' }}{%- endif -%}",
        ["command-r"] =
            "{%- for m in messages -%}{{ '<|START_OF_TURN_TOKEN|>' + {'system': '<|SYSTEM_TOKEN|>', 'user': "
            + "'<|USER_TOKEN|>'}.get(m.role, '<|CHATBOT_TOKEN|>') "
            + "+ m.content | trim + '<|END_OF_TURN_TOKEN|>' }}{%- endfor -%}"
            + Ending
            + "{{ '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>' }}{%- endif -%}",
        ["vicuna"] =
            "{%- for m in messages -%}{{ (m.content + '\n\n') if m.role == 'system' else ('USER: ' + m.content + '\n') if m.role == "
            + "'user' else ('ASSISTANT: ' + m.content + '</s>\n') }}{%- endfor -%}"
            + Ending
            + "{{ 'ASSISTANT:' }}{%- endif -%}",
        ["deepseek3"] =
            "{%- for m in messages -%}{{ (m.content + '\n\n') if m.role == 'system' else ('<｜User｜>' + m.content) if m.role == 'user' "
            + "else ('<｜Assistant｜>' + m.content + '<｜end▁of▁sentence｜>') }}{%- endfor -%}"
            + Ending
            + "{{ '<｜Assistant｜>' }}{%- endif -%}",
    };

    /// <summary>Every name.</summary>
    public static IReadOnlyCollection<string> Names => Sources.Keys;

    /// <summary>The template with that name, or null.</summary>
    public static string? Find(string name) => Sources.GetValueOrDefault(name);
}
