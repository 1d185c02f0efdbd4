using System.Globalization;
using System.Text;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Card.Faults;

/// <summary>Faults as people write them: <c>KIND[:ARGUMENT][@WHEN]</c>, for example <c>kv-bit:2@3</c> or <c>link-down@5ms</c>.</summary>
public static class FaultText
{
    /// <summary>Largest argument; more interrupts or milliseconds say nothing new.</summary>
    public const uint MostArgument = 100_000;

    private static readonly (string Suffix, ulong Ns)[] Units = [("ms", 1_000_000), ("us", 1_000), ("ns", 1)];

    /// <summary>Names of all kinds, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<FaultKind>().Select(Name)];

    /// <summary>Name of a kind.</summary>
    public static string Name(FaultKind kind)
    {
        var text = new StringBuilder();
        foreach (var letter in kind.ToString())
            text.Append(char.IsAsciiLetterUpper(letter) && text.Length > 0 ? "-" : "").Append(char.ToLowerInvariant(letter));
        return text.ToString();
    }

    /// <summary>Argument of a kind where none is given; its meaning is with the kind.</summary>
    public static uint StandardArgument(FaultKind kind) =>
        kind switch
        {
            FaultKind.CompletionBeforeData => 20,
            FaultKind.InterruptStorm => 100,
            FaultKind.KvBit => 2,
            FaultKind.RomStuckBit => 1,
            FaultKind.LinkDown => 500,
            FaultKind.ThermalCritical or FaultKind.PowerBreak => 3,
            FaultKind.ClockSkew => 5000,
            FaultKind.TornCompletion => 5,
            _ => 0,
        };

    /// <summary>Reads a fault. KIND is its name or its number in docs/card.md. WHEN is the number of the opportunity, from 1, or a time
    /// with ns, us or ms after the arming, at or after which the first opportunity counts.</summary>
    /// <exception cref="InputException">There is no such kind, or a number is none.</exception>
    public static FaultSpec Parse(string text)
    {
        var (rest, when) = Cut(text, '@');
        var (name, argument) = Cut(rest, ':');
        var kind = Enum.GetValues<FaultKind>()
            .Cast<FaultKind?>()
            .FirstOrDefault(k =>
                Name(k!.Value).Equals(name, StringComparison.OrdinalIgnoreCase)
                || ((int)k.Value).ToString(CultureInfo.InvariantCulture) == name
            )
            ?? throw new InputException($"no fault '{name}'{NearestName.Hint(name, Names)}; known: {string.Join(' ', Names)}");
        var spec = new FaultSpec
        {
            Kind = kind,
            Argument = argument is null ? StandardArgument(kind) : (uint)Number(text, argument, 0, MostArgument),
        };
        if (when is null)
            return spec;
        foreach (var (suffix, ns) in Units)
            if (when.EndsWith(suffix, StringComparison.Ordinal))
                return spec with { Trigger = FaultTrigger.Time, Value = Number(text, when[..^suffix.Length], 0, 1_000_000_000) * ns };
        return spec with { Value = Number(text, when, 1, 1_000_000_000) - 1 };
    }

    private static (string Head, string? Tail) Cut(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and var i ? (text[..i], text[(i + 1)..]) : (text, null);

    private static ulong Number(string fault, string digits, ulong least, ulong most) =>
        ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new InputException(
                $"fault '{fault}': '{digits}' is no whole number from {least} to {most}; write KIND[:ARGUMENT][@WHEN]"
            );
}
