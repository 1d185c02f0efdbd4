using System.CommandLine;
using System.CommandLine.Parsing;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Cli.Options;

/// <summary>Values that an option chooses one of, found without regard to case.</summary>
internal static class Choices
{
    /// <summary>Takes one of some values; the command gets it as it is written here.</summary>
    /// <param name="option">Option.</param>
    /// <param name="values">Values.</param>
    public static void AcceptOneOf<T>(this Option<T> option, params string[] values)
        where T : class?
    {
        option.CompletionSources.Add(values);
        option.CustomParser = result => (T?)(object?)Chosen(result, option.Name, values);
    }

    /// <inheritdoc cref="AcceptOneOf{T}(Option{T}, string[])"/>
    /// <param name="argument">Argument.</param>
    /// <param name="values">Values.</param>
    public static void AcceptOneOf(this Argument<string> argument, params string[] values)
    {
        argument.CompletionSources.Add(values);
        argument.CustomParser = result => Chosen(result, argument.Name, values);
    }

    private static string? Chosen(ArgumentResult result, string name, string[] values)
    {
        if (result.Tokens.Count == 0)
            return null;
        var text = result.Tokens[^1].Value;
        var chosen = Array.Find(values, v => v.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (chosen is null)
            result.AddError($"{name} '{text}': write one of {string.Join(", ", values)}{NearestName.Hint(text, values)}");
        return chosen;
    }
}
