using System.Collections.Concurrent;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.BankStyles;

/// <summary>The styles that a fabric can name.</summary>
/// <remarks>Each style registers itself from a module initialiser in its own file when its assembly is loaded, so that a new style, in this
/// assembly or another, needs no list to be edited.</remarks>
public static class BankStyleRegistry
{
    private static readonly ConcurrentDictionary<string, BankStyle> Styles = new(StringComparer.Ordinal);

    /// <summary>All registered styles, ordered by name.</summary>
    public static IReadOnlyList<BankStyle> All => [.. Styles.Values.OrderBy(s => s.Name, StringComparer.Ordinal)];

    /// <summary>Makes a style known by its name.</summary>
    /// <param name="style">Style.</param>
    /// <exception cref="ArgumentException">Another class has that name already.</exception>
    public static void Register(BankStyle style)
    {
        if (Styles.GetOrAdd(style.Name, style).GetType() != style.GetType())
            throw new ArgumentException($"bank style '{style.Name}' is registered by {Styles[style.Name].GetType()}", nameof(style));
    }

    /// <summary>The style of a name; null when none is registered.</summary>
    /// <param name="name">Name, e.g. from <c>bank.style</c>.</param>
    public static BankStyle? Find(string name) => Styles.GetValueOrDefault(name);

    /// <summary>The style of a name.</summary>
    /// <param name="name">Name, e.g. from <c>bank.style</c>.</param>
    /// <exception cref="InputException">None is registered under it.</exception>
    public static BankStyle Named(string name) => Find(name) ?? throw new InputException(UnknownText(name));

    /// <summary>What to say when no style has a name: the clause lists those that are known.</summary>
    /// <param name="name">The unknown name.</param>
    internal static string UnknownText(string name)
    {
        var known = All.Select(s => s.Name).ToArray();
        return $"bank.style '{name}' is unknown; {string.Join(", ", known[..^1])} and {known[^1]} are known";
    }
}
