using System.CommandLine;
using System.Text.Json;

namespace TaalasSim.Cli.Options;

/// <summary>An option that takes one of the values of an enumeration, written in lower case with hyphens (log-normal).</summary>
/// <typeparam name="T">The enumeration; its first value is the standard one.</typeparam>
internal sealed class EnumChoice<T> : Option<string>
    where T : struct, Enum
{
    private static readonly string[] Words = [.. Enum.GetNames<T>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    /// <summary>Makes the option.</summary>
    /// <param name="name">Name.</param>
    /// <param name="description">What is chosen; the values are added to it.</param>
    /// <param name="helpName">Word for a value in the help.</param>
    public EnumChoice(string name, string description, string helpName)
        : base(name)
    {
        Description = $"{description}: {string.Join(", ", Words[..^1])} or {Words[^1]}.";
        DefaultValueFactory = _ => Words[0];
        HelpName = helpName;
        this.AcceptOneOf(Words);
    }

    /// <summary>The value that was chosen.</summary>
    public T Of(ParseResult parsed) => Enum.GetValues<T>()[Array.IndexOf(Words, parsed.GetValue(this))];
}
