using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Server.Tests.Tools;
using TaalasSim.Support;

namespace TaalasSim.Server.Tests.Endpoints;

/// <summary>A model that knows nothing of tools is held to a call by the grammar, and every API tells the call in its own form.</summary>
[Category("Smoke")]
public class ToolCallTests
{
    private static readonly object Parameters = JsonElement.Parse(
        """{"type":"object","properties":{"unit":{"enum":["kelvin","celsius"]}},"required":["unit"],"additionalProperties":false}"""
    );
    private static readonly object[] Messages = [new { role = "user", content = "How warm is it?" }];

    // The other families in the suite of all tests: each is another start of the server.
    private static IEnumerable<ToolExample> Families =>
        ToolExample.All.Where(example => Shared.All || example.Family is "kimi-k2" or "minimax-m2" or "harmony");

    [TestCaseSource(nameof(Families))]
    public async Task A_required_call_is_made_and_told_by_every_API(ToolExample family)
    {
        var template = $"{{% for m in messages %}}{{{{ m.content }}}}\n{{% endfor %}}{{# writes {family.Template} #}}";
        using var server = new RunningServer("--parallel", "1", "--chat-template", template);
        var function = new { name = "temperature", parameters = Parameters };
        var tools = new[] { new { type = "function", function } };
        var openAi = new
        {
            messages = Messages,
            tools,
            tool_choice = "required",
            parallel_tool_calls = false,
            max_tokens = 400,
            temperature = 0,
        };
        var choice = (await server.Post("/v1/chat/completions", openAi)).GetProperty("choices")[0];
        Assert.That(choice.GetProperty("finish_reason").GetString(), Is.EqualTo("tool_calls"));
        var call = choice.GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        Assert.That(call.GetProperty("name").GetString(), Is.EqualTo("temperature"));
        var arguments = call.GetProperty("arguments").GetString()!;
        var unit = JsonElement.Parse(arguments).GetProperty("unit").GetString();
        Assert.That(unit, Is.AnyOf("kelvin", "celsius"));

        var (_, stream) = await server.Post("/v1/chat/completions", Streamed(openAi));
        var chunks = stream
            .Split('\n')
            .Where(l => l.StartsWith("data: {", StringComparison.Ordinal))
            .Select(l => JsonElement.Parse(l[6..]));
        var deltas = chunks
            .SelectMany(c => c.GetProperty("choices").EnumerateArray())
            .Select(c => c.GetProperty("delta"))
            .Where(d => d.TryGetProperty("tool_calls", out _))
            .Select(d => d.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.That(string.Concat(deltas), Is.EqualTo(arguments));

        await AnthropicTells(server, unit);
        await ResponsesTell(server, arguments);
        var ollama = await server.Post(
            "/api/chat",
            new
            {
                openAi.messages,
                tools,
                openAi.tool_choice,
                openAi.parallel_tool_calls,
                stream = false,
            }
        );
        Assert.That(
            ollama.GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").ValueKind,
            Is.EqualTo(JsonValueKind.Object)
        );
        var unknown = new
        {
            messages = Messages,
            tools,
            tool_choice = "no",
        };
        Assert.That((await server.Post("/v1/chat/completions", JsonSerializer.Serialize(unknown))).Status, Is.EqualTo(400));
    }

    private static async Task AnthropicTells(RunningServer server, string? unit)
    {
        var messages = new
        {
            messages = Messages,
            max_tokens = 400,
            temperature = 0,
            tools = new[] { new { name = "temperature", input_schema = Parameters } },
            tool_choice = new
            {
                type = "tool",
                name = "temperature",
                disable_parallel_tool_use = true,
            },
        };
        var anthropic = await server.Post("/v1/messages", messages);
        Assert.That(anthropic.GetProperty("stop_reason").GetString(), Is.EqualTo("tool_use"));
        Assert.That(anthropic.GetProperty("content")[0].GetProperty("input").GetProperty("unit").GetString(), Is.EqualTo(unit));
    }

    private static async Task ResponsesTell(RunningServer server, string arguments)
    {
        var responses = await server.Post(
            "/v1/responses",
            new
            {
                input = "How warm is it?",
                tools = new[]
                {
                    new
                    {
                        type = "function",
                        name = "temperature",
                        parameters = Parameters,
                    },
                },
                tool_choice = "required",
                parallel_tool_calls = false,
                max_output_tokens = 400,
                temperature = 0,
            }
        );
        var item = responses.GetProperty("output")[0];
        Assert.That(item.GetProperty("type").GetString(), Is.EqualTo("function_call"));
        Assert.That(item.GetProperty("arguments").GetString(), Is.EqualTo(arguments));
    }

    private static string Streamed(object body)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(JsonSerializer.Serialize(body))!;
        json["stream"] = true;
        return json.ToJsonString();
    }
}
