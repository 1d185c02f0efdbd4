using System.Numerics;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Cli.Options;

/// <summary>Options that take several numbers with commas between them.</summary>
internal static class NumberLists
{
    /// <summary>The numbers of a list.</summary>
    /// <param name="option">Name of the option, for messages.</param>
    /// <param name="list">What was given.</param>
    /// <param name="range">Numbers that are taken.</param>
    /// <exception cref="InputException">One is no number of the range, or comes twice.</exception>
    public static IReadOnlyList<T> Of<T>(string option, string list, NumberRange range)
        where T : struct, INumber<T>
    {
        var numbers = new List<T>();
        foreach (var text in list.Split(',', StringSplitOptions.TrimEntries))
        {
            if (range.Parse<T>(text, out var number) is { } fault)
                throw new InputException($"{option} {(text.Length == 0 ? "''" : NameGate.Visible(text))}: {fault}");
            if (numbers.Contains(number))
                throw new InputException($"{option} {NameGate.Visible(list)}: {number} is there twice; name each number once");
            numbers.Add(number);
        }

        return numbers;
    }
}
