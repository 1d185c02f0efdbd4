using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;

namespace TaalasSim.Compiler.Import;

/// <summary>Opens the tokenizer and the chat templates of a model file as a run would.</summary>
public static class OpenTokenizer
{
    /// <summary>The tokenizer's data.</summary>
    /// <param name="file">Model file.</param>
    /// <param name="warn">Hears of what is wrong but does no harm, one line each.</param>
    /// <exception cref="InputException">The file has none, its keys contradict each other, or a template cannot be read.</exception>
    public static TokenizerData Of(GgufFile file, Action<string>? warn = null)
    {
        try
        {
            var data = TokenizerFromGguf.Read(file, warn)
                ?? throw new InputException("has no tokenizer; the chip needs one to read and write text");
            Check(TextTokenizer.Create(data));
            return data;
        }
        catch (InputException e) when (!e.Message.StartsWith(file.Path, StringComparison.Ordinal))
        {
            throw new InputException($"{file.Path}: {e.Message}", e);
        }
    }

    /// <summary>Reads the chat templates of a tokenizer.</summary>
    /// <exception cref="InputException">One cannot be read.</exception>
    public static void Check(TextTokenizer tokenizer)
    {
        if (!string.IsNullOrEmpty(tokenizer.ChatTemplate))
            Parse("", tokenizer.ChatTemplate);
        foreach (var (name, template) in tokenizer.NamedChatTemplates)
            Parse($" {GgufFaults.Quote(name)}", template);
    }

    private static void Parse(string name, string template)
    {
        try
        {
            _ = ChatPrompt.Parse(template);
        }
        catch (InputException e)
        {
            throw new InputException($"chat template{name}: {e.Message.Replace("chat template: ", "", StringComparison.Ordinal)}", e);
        }
    }
}
