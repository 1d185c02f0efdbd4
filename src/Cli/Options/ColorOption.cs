using System.CommandLine;

namespace TaalasSim.Cli.Options;

/// <summary>The option <c>--color</c> of every command.</summary>
internal static class ColorOption
{
    /// <summary>Its name.</summary>
    public const string Name = "--color";

    /// <summary>Makes it.</summary>
    public static Option<string> Create()
    {
        var option = new Option<string>(Name)
        {
            Description = "Colours: auto (on a terminal, unless NO_COLOR is set), always or never.",
            HelpName = "auto|always|never",
            Recursive = true,
            DefaultValueFactory = _ => "auto",
        };
        option.AcceptOneOf("auto", "always", "never");
        return option;
    }
}
