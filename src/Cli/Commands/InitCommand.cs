using System.CommandLine;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Options;

namespace TaalasSim.Cli.Commands;

/// <summary><c>init KIND</c>: a commented example of a description, to change and use.</summary>
internal static class InitCommand
{
    private static readonly (string Kind, string Like, Func<string, string> Text)[] Kinds =
    [
        ("fabric", "hc1", like => CommentedYaml.Write(ChipsFolder.Library.Fabric(like) with { Name = "mine", Published = null })),
        ("technology", "n6", like => CommentedYaml.Write(ChipsFolder.Library.Technology(like) with { Name = "mine" })),
    ];

    public static Command Create()
    {
        var kind = new Argument<string>("KIND") { Description = string.Join(", ", Kinds.Select(k => k.Kind)) + "." };
        kind.CompletionSources.Add([.. Kinds.Select(k => k.Kind)]);
        var like = new Option<string?>("--like")
        {
            Description = "Description whose values the example takes: a name of 'list', or a file.",
            HelpName = "NAME",
        };
        var command = new Command(
            "init",
            "Print a commented example of a description: every key with its meaning, range and unit. Example: "
                + "./taalas init fabric > mine.yaml"
        )
        {
            kind,
            like,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(kind), parsed.GetValue(like)));
        return command;
    }

    private static int Run(string name, string? like)
    {
        var kinds = Kinds.Select(k => k.Kind).ToList();
        var at = kinds.FindIndex(k => k.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (at < 0)
            throw new InputException($"no example of '{name}'{NearestName.Hint(name, kinds)}; known: {string.Join(' ', kinds)}");
        Console.Out.Write(Kinds[at].Text(like ?? Kinds[at].Like));
        return ExitCode.Done;
    }
}
