using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Decode.Grammars;

namespace TaalasSim.Server.Tools;

/// <summary>
/// The grammar of answers of gpt-oss: messages <c>HEADER&lt;|message|&gt;TEXT&lt;|end|&gt;</c>, each but the first with
/// <c>&lt;|start|&gt;assistant</c> before it. The header names a channel (analysis, commentary, final), and of a call its tool.
/// </summary>
internal static class HarmonyGrammar
{
    /// <summary>Text before a message but the first; the prompt ends with that of the first.</summary>
    public const string Start = "<|start|>assistant";

    /// <summary>Text after a message's header.</summary>
    public const string Message = "<|message|>";

    /// <summary>Text after a message that is not the last.</summary>
    public const string End = "<|end|>";

    /// <summary>Text before the name of the tool that a message calls.</summary>
    public const string Recipient = " to=functions.";

    /// <summary>A call begins where a header names a tool.</summary>
    public static readonly GrammarTrigger Trigger = new(Recipient, IsAtStart: false, ("<|start|>", Message));

    private static readonly string Rules =
        TextBefore.Rules("message-text", End)
        + """
            channel ::= "<|channel|>" ("commentary" | "analysis")
            type ::= ( " "? "<|constrain|>json" | " json" )?
            talk ::= channel "<|message|>" message-text "<|end|><|start|>assistant"

            """;

    /// <summary>The rest of a call, from the tool's name on.</summary>
    public static string Call(Tool tool, string arguments) =>
        $"{JsonSchemaGrammar.Literal(Recipient + tool.Name)} ( type | channel type ) {JsonSchemaGrammar.Literal(Message)} "
        + $"space {arguments} space";

    /// <summary>The root: a call from the tool's name on, or, where the answer must be a call, what may come before it.</summary>
    public static string Root(bool isRequired) => Rules + (isRequired ? "root ::= talk* channel? call\n" : "root ::= call\n");

    /// <summary>An answer whose last message matches a JSON schema.</summary>
    /// <exception cref="InputException">The schema holds something that is not supported.</exception>
    public static string OfSchema(JsonElement schema)
    {
        var (rules, names) = JsonSchemaGrammar.ConvertAll([("answer", schema)]);
        return $"{rules}{Rules}root ::= talk* \"<|channel|>final\" type {JsonSchemaGrammar.Literal(Message)} {names[0]}\n";
    }
}
