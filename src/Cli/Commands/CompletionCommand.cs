using System.CommandLine;
using System.Text;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;

namespace TaalasSim.Cli.Commands;

/// <summary><c>taalas completion</c>: scripts that complete commands in a shell, and the manual page.</summary>
internal static class CompletionCommand
{
    // The program answers the directive [suggest:POSITION] with one suggestion a line.
    private const string Bash = """
        # TaalasSim completion for bash: source this file, or put it into /etc/bash_completion.d
        _taalas() {
          local IFS=$'\n'
          local word="${COMP_WORDS[COMP_CWORD]}"
          COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "$word"))
          [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$word"))
        }
        complete -o filenames -F _taalas taalas ./taalas
        """;

    private const string Zsh = """
        #compdef taalas
        # TaalasSim completion for zsh: put this file as _taalas into a folder of $fpath, or source it
        _taalas() {
          local -a suggestions
          suggestions=("${(@f)$(${words[1]} "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -- ${suggestions:#} || _files
        }
        compdef _taalas taalas
        """;

    private const string Fish = """
        # TaalasSim completion for fish: put this file as taalas.fish into ~/.config/fish/completions
        function __taalas_suggestions
          set -l line (commandline -cp)
          eval (commandline -o)[1] "[suggest:"(string length -- $line)"]" (string escape -- $line) 2>/dev/null
        end
        complete -c taalas -a '(__taalas_suggestions)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish; man for the manual page." };
        shell.CompletionSources.Add("bash", "zsh", "fish", "man");
        var command = new Command(
            "completion",
            "Print a script that completes commands and options in a shell, or the manual page. "
                + "Example: ./taalas completion bash > /etc/bash_completion.d/taalas"
        )
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(Text(parsed.GetValue(shell)!, parsed.RootCommandResult.Command).ReplaceLineEndings("\n"));
            return 0;
        });
        return command;
    }

    private static string Text(string shell, Command root) =>
        shell.ToLowerInvariant() switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            "man" => Manual(root),
            _ => throw new InputException(
                $"no completion for '{shell}'{NearestName.Hint(shell, ["bash", "zsh", "fish", "man"])}; known: bash zsh fish man"
            ),
        };

    // A page in the man macros: every command with its arguments and options, from the same descriptions as --help.
    private static string Manual(Command root)
    {
        var page = new StringBuilder();
        page.Append($".TH TAALAS 1 \"\" \"{Escape(Product.Name)}\" \"User Commands\"\n");
        page.Append(".SH NAME\ntaalas \\- design and simulate chips that hold one language model in their wiring\n");
        page.Append(".SH SYNOPSIS\n.B taalas\n.I COMMAND\n[\\fIOPTIONS\\fR]\n");
        page.Append($".SH DESCRIPTION\n{Escape(root.Description)}\n.SH COMMANDS\n");
        foreach (var command in root.Subcommands.Where(command => !command.Hidden).OrderBy(command => command.Name, StringComparer.Ordinal))
        {
            page.Append($".SS {Escape(command.Name)}\n{Escape(command.Description)}\n");
            foreach (var argument in command.Arguments)
                page.Append($".TP\n\\fI{Escape(argument.Name)}\\fR\n{Escape(argument.Description)}\n");
            foreach (var option in command.Options.Where(option => !option.Hidden))
                page.Append($".TP\n{Names(option)}\n{Escape(option.Description)}\n");
        }
        page.Append(".SH OPTIONS OF EVERY COMMAND\n");
        foreach (var option in root.Options.Where(option => option.Recursive && !option.Hidden))
            page.Append($".TP\n{Names(option)}\n{Escape(option.Description)}\n");
        page.Append(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nNo colours where it is set, unless \\-\\-color says otherwise.\n");
        page.Append(
            ".TP\n.B COLUMNS\nWidth of tables; unlimited for files and pipes without it.\n.TP\n.B TAALAS_DEBUG\nSet to 1, it makes a "
                + "fault of the program write a report.\n"
        );
        page.Append(".SH EXIT STATUS\n");
        foreach (var (code, meaning) in ExitCode.All)
            page.Append($".TP\n{code}\n{meaning}\n");
        return page.ToString().TrimEnd('\n');
    }

    private static string Names(Option option)
    {
        var names = string.Join(", ", option.Aliases.Prepend(option.Name).Select(name => $"\\fB{Escape(name)}\\fR"));
        return option.ValueType == typeof(bool) ? names : $"{names} \\fI{Escape(option.HelpName ?? "VALUE")}\\fR";
    }

    // Roff reads a backslash as an escape, a hyphen as a dash, and a dot or quote at the start of a line as a request.
    private static string Escape(string? text)
    {
        var escaped = (text ?? "")
            .ReplaceLineEndings(" ")
            .Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal);
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? "\\&" + escaped : escaped;
    }
}
