using System.Text.RegularExpressions;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Hub;

/// <summary>Checks names that come from users and servers before they become parts of addresses and paths.</summary>
internal static partial class RepositoryId
{
    private const int Longest = 256;

    private static readonly string[] Reserved = ["CON", "PRN", "AUX", "NUL", .. Numbered("COM"), .. Numbered("LPT")];

    /// <summary>Refuses a name that is no <c>user/name</c>.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static void Check(string id)
    {
        if (
            id.Length > Longest
            || !Form().IsMatch(id)
            || id.Contains("--", StringComparison.Ordinal)
            || id.Contains("..", StringComparison.Ordinal)
        )
            throw new InputException(
                $"hf:{GgufFaults.Quote(id)[1..^1]}: is no repository; write hf:USER/NAME with letters, digits and single . - _ between"
            );
    }

    /// <summary>Whether a revision is a commit.</summary>
    public static bool IsCommit(string revision) => revision.Length == 40 && revision.All(char.IsAsciiHexDigitLower);

    /// <summary>Whether a text is the digest that names a blob: 40 or 64 hexadecimal digits.</summary>
    public static bool IsDigest(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Refuses a revision that would leave the folder of references.</summary>
    /// <exception cref="InputException">It would.</exception>
    public static void CheckRevision(string revision)
    {
        if (revision.Length is 0 or > Longest || !IsInside(revision))
            throw new InputException($"--revision {GgufFaults.Quote(revision)}: give a branch, a tag or a commit of 40 digits");
    }

    /// <summary>Whether a path with forward slashes stays inside the folder that it is joined to, on every system.</summary>
    public static bool IsInside(string path) =>
        path.Length > 0
        && !path.Any(c => c is '\\' or ':' || char.IsControl(c))
        && path.Split('/')
            .All(part => part is not ("" or "." or "..") && !Reserved.Contains(part.Split('.')[0], StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<string> Numbered(string name) => Enumerable.Range(0, 10).Select(i => $"{name}{i}");

    [GeneratedRegex(@"^[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*/[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Form();
}
