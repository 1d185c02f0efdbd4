using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Tokenizer;

/// <summary>
/// The 68 chat templates of public models that llama.cpp collects, with eight conversations each, against digests of what Python's Jinja2
/// renders as transformers sets it up (<c>render_templates.py</c>). The templates are data of their models and are not part of this
/// project: TAALAS_CHAT_TEMPLATES names the folder that holds them.
/// </summary>
[Category("Compiler")]
public sealed class PublicTemplateTests
{
    private const int Cases = 544;

    // Python refuses to write a generator as JSON (the first two), and escapes what is added to a text that "safe" has marked (the other
    // two), so that quotes of a tool's description reach the model as HTML entities. Here the list is written, and the text stays.
    private static readonly string[] Different =
    [
        "llama-cpp-deepseek-r1.jinja, tools",
        "llama-cpp-deepseek-r1.jinja, tool calls",
        "meetkai-functionary-medium-v3.1.jinja, tools",
        "meetkai-functionary-medium-v3.1.jinja, tool calls",
    ];

    private static readonly string? Folder =
        Environment.GetEnvironmentVariable("TAALAS_CHAT_TEMPLATES") is { Length: > 0 } given ? given
        : Shared.Has("templates") ? Shared.Path("templates")
        : null;

    [Test]
    public void Templates_of_public_models_render_as_in_jinja2()
    {
        if (Folder is null)
            Assert.Ignore("needs the chat templates of public models; TAALAS_CHAT_TEMPLATES names their folder");
        var talks = Read("TemplateConversations.json");
        var (all, different) = (0, new List<string>());
        foreach (var template in Read("TemplateDigests.json").EnumerateArray())
        {
            var name = template.GetProperty("template").GetString()!;
            var text = File.ReadAllText(Path.Combine(Folder!, name));
            Assert.That(Digest(text), Is.EqualTo(template.GetProperty("digest").GetString()), $"{name} is another version");
            foreach (var (talk, expected) in talks.EnumerateArray().Zip(template.GetProperty("rendered").EnumerateArray()))
            {
                all++;
                if (Rendered(text, talk) != expected.GetString())
                    different.Add($"{name}, {talk.GetProperty("name").GetString()}");
            }
        }

        Assert.Multiple(() =>
        {
            Assert.That(all, Is.EqualTo(Cases));
            Assert.That(different, Is.EquivalentTo(Different));
        });
    }

    // The digest of the prompt; null where the template refuses the conversation.
    private static string? Rendered(string template, JsonElement talk)
    {
        var nothing = JsonDocument.Parse("null").RootElement;
        try
        {
            return Digest(
                ChatTemplate
                    .Parse(template)
                    .Render(
                        new ChatTemplateInput
                        {
                            Messages = [],
                            AddGenerationPrompt = true,
                            BosToken = "<s>",
                            EosToken = "</s>",
                            Now = new DateTime(2026, 1, 2, 3, 4, 5),
                            Variables = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
                            {
                                ["messages"] = talk.GetProperty("messages"),
                                ["tools"] = talk.TryGetProperty("tools", out var tools) ? tools : nothing,
                                ["documents"] = nothing,
                            },
                        }
                    )
            );
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private static JsonElement Read(string name)
    {
        using var stream = typeof(PublicTemplateTests).Assembly.GetManifestResourceStream(name)!;
        return JsonDocument.Parse(stream).RootElement.Clone();
    }
}
