using System.Text.RegularExpressions;

namespace TaalasSim.Native.Tests;

/// <summary>What taalas.h declares.</summary>
internal static partial class CHeader
{
    private static readonly string Text = Comment().Replace(File.ReadAllText(DriverLibrary.Header), "");

    /// <summary>Names of functions.</summary>
    public static IReadOnlyList<string> Functions { get; } = [.. Function().Matches(Text).Select(m => m.Groups["name"].Value)];

    /// <summary>Fields of each struct in order; arrays without their length.</summary>
    public static IReadOnlyDictionary<string, string[]> Structs { get; } =
        Struct()
            .Matches(Text)
            .ToDictionary(
                m => m.Groups["name"].Value,
                m => Field().Matches(m.Groups["body"].Value).Select(f => f.Groups["name"].Value).ToArray(),
                StringComparer.Ordinal
            );

    /// <summary>Constants of an enumeration by name.</summary>
    public static IReadOnlyDictionary<string, int> Enum(string name) =>
        Constant()
            .Matches(Regex.Match(Text, $@"enum {name} \{{(?<body>[^}}]*)\}}", RegexOptions.None, Limit).Groups["body"].Value)
            .ToDictionary(m => m.Groups["name"].Value, m => Number(m.Groups["value"].Value), StringComparer.Ordinal);

    /// <summary>A name as C# writes it: <c>context_full</c> is <c>ContextFull</c>.</summary>
    public static string Pascal(string name) =>
        string.Concat(name.ToLowerInvariant().Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private static int Number(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal) ? Convert.ToInt32(text, 16) : int.Parse(text, Invariant);

    private static readonly IFormatProvider Invariant = System.Globalization.CultureInfo.InvariantCulture;

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?:int32_t|uint32_t|const char \*) ?(?<name>taalas_\w+)\(", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Function();

    [GeneratedRegex(@"typedef struct (?<name>taalas_\w+) \{(?<body>[^}]*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Struct();

    [GeneratedRegex(@"(?<name>\w+)(?:\[\d+\])?;", RegexOptions.ExplicitCapture)]
    private static partial Regex Field();

    [GeneratedRegex(@"TAALAS_(?:STATE_)?(?<name>\w+) = (?<value>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Constant();
}
