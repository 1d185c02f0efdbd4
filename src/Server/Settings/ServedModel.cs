using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;

namespace TaalasSim.Server.Settings;

/// <summary>The model behind a server, as its endpoints tell of it.</summary>
public sealed class ServedModel
{
    /// <summary>Describes the model of a chip.</summary>
    /// <param name="chip">Opened image.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="options">Settings of the server.</param>
    /// <param name="size">Number of parameters and bytes of the model file; null counts those of the chip.</param>
    /// <param name="type">Name of the file's type, as llama.cpp prints it.</param>
    public ServedModel(
        ChipDescription chip,
        TextTokenizer tokenizer,
        ServerOptions options,
        (long Parameters, long Bytes)? size,
        string type
    )
    {
        Chip = chip;
        Tokenizer = tokenizer;
        FileType = type;
        Aliases = options.Aliases.Count > 0 ? options.Aliases : [chip.Model.Name];
        (Parameters, Bytes) = size ?? (chip.Matrices.Sum(m => m.Weights), chip.Files.Weights.Bytes);
        var source = options.ChatTemplate switch
        {
            null => string.IsNullOrEmpty(tokenizer.ChatTemplate) ? ChatPrompt.ChatMl : tokenizer.ChatTemplate,
            var name when tokenizer.NamedChatTemplates.TryGetValue(name, out var named) => named,
            var name when NamedTemplates.Find(name) is { } known => known,
            // One word that is no template's name was meant as one.
            var text when text.AsSpan().ContainsAny(" {\n") => text,
            var text => throw new InputException(
                $"--chat-template '{text}': no template has this name; use Jinja text or one of {string.Join(", ", NamedTemplates.Names)}"
            ),
        };
        Template = ChatPrompt.Parse(source);
        // llama-server tells its ChatML with the new lines themselves.
        TemplateSource = source == ChatPrompt.ChatMl ? source.Replace("\\n", "\n", StringComparison.Ordinal) : source;
    }

    /// <summary>The chip.</summary>
    public ChipDescription Chip { get; }

    /// <summary>The model's tokenizer.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>Names, the id first.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>The name that answers carry.</summary>
    public string Id => Aliases[0];

    /// <summary>Number of parameters.</summary>
    public long Parameters { get; }

    /// <summary>Bytes of its tensors.</summary>
    public long Bytes { get; }

    /// <summary>Name of the file's type.</summary>
    public string FileType { get; }

    /// <summary>Chat template in use.</summary>
    public ChatTemplate Template { get; }

    /// <summary>Its text.</summary>
    public string TemplateSource { get; }

    /// <summary>Version that answers carry as their fingerprint.</summary>
    public string Build { get; } = "b1-taalassim";
}
