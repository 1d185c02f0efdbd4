using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Cli.Options;

/// <summary>Where a prompt comes from: the command line, a file, standard input, or a list of token ids.</summary>
internal sealed class PromptOptions
{
    private readonly Option<string?> _prompt = new("-p", "--prompt")
    {
        Description = "Prompt text; - reads standard input.",
        HelpName = "TEXT",
    };
    private readonly Option<string?> _file = new("-f", "--file")
    {
        Description = "Prompt from a UTF-8 file, without the newline at its end; - reads standard input.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _ids = new("--prompt-ids")
    {
        Description = "Prompt as token ids, comma-separated; nothing is added.",
        HelpName = "1,2,3",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_prompt);
        command.Options.Add(_file);
        command.Options.Add(_ids);
    }

    /// <summary>Text that was given; null for none.</summary>
    /// <exception cref="InputException">Two sources, no such file, or bytes that are no text.</exception>
    public string? Text(ParseResult parsed)
    {
        var (prompt, file, ids) = (parsed.GetValue(_prompt), parsed.GetValue(_file), parsed.GetValue(_ids));
        if (new[] { prompt, file, ids }.Count(x => x is not null) > 1)
            throw new InputException("give one prompt: -p TEXT, -f FILE or --prompt-ids 1,2,3, not several");
        return prompt == PromptText.StandardInput ? PromptText.Prompt(prompt)
            : prompt is not null ? PromptText.Argument("-p", prompt)
            : file is not null ? PromptText.Prompt(file)
            : null;
    }

    /// <summary>Whether token ids were given.</summary>
    public bool HasIds(ParseResult parsed) => parsed.GetValue(_ids) is not null;

    /// <summary>Token ids that were given.</summary>
    /// <exception cref="InputException">Not a list of ids of the vocabulary.</exception>
    public int[] Ids(ParseResult parsed, long vocabularySize) =>
        [
            .. parsed
                .GetRequiredValue(_ids)!
                .Split(',', StringSplitOptions.TrimEntries)
                .Select(part =>
                    int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < vocabularySize
                        ? id
                        : throw new InputException(
                            $"--prompt-ids: '{part}' is not a token id below {vocabularySize}; write ids with commas between them, "
                                + "such as 1,2,3"
                        )
                ),
        ];
}
