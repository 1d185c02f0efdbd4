using System.Text.Json.Nodes;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;

namespace TaalasSim.Server.Endpoints;

/// <summary>What a chat template understands, as <c>/props</c> tells it.</summary>
internal static class TemplateCapabilities
{
    /// <summary>The capabilities of a template.</summary>
    public static JsonObject Of(ChatTemplate template)
    {
        bool Has(string part) => template.Source.Contains(part, StringComparison.Ordinal);
        var calls = Has("tool_calls");
        return new JsonObject
        {
            ["supports_object_arguments"] = calls,
            ["supports_parallel_tool_calls"] = calls,
            ["supports_preserve_reasoning"] = Has("reasoning_content"),
            ["supports_reasoning_effort"] = Has("reasoning_effort"),
            ["supports_string_content"] = template.TakesText,
            ["supports_system_role"] = template.TakesSystem,
            ["supports_tool_calls"] = calls,
            ["supports_tools"] = Has("tools"),
            ["supports_typed_content"] = template.TakesParts,
        };
    }
}
