using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TaalasSim.Reports.Provenance;

/// <summary>The constants behind a report and the hash by which two reports can be told to rest on the same ones.</summary>
public sealed record ConstantList
{
    /// <summary>Constants by path.</summary>
    public required IReadOnlyList<ConstantUse> Items { get; init; }

    /// <summary>SHA-256 of <see cref="Text"/>, lower-case hexadecimal.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text())));

    /// <summary>Orders constants by path and drops those named twice.</summary>
    public static ConstantList Of(IEnumerable<ConstantUse> constants) =>
        new() { Items = [.. constants.DistinctBy(c => c.Path, StringComparer.Ordinal).OrderBy(c => c.Path, StringComparer.Ordinal)] };

    /// <summary>One line per constant: path, value, low, high, unit, confidence, source, parted by tabs.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        foreach (var (path, c) in Items)
            text.AppendJoin(
                    '\t',
                    path,
                    Number(c.Value),
                    Number(c.Low),
                    Number(c.High),
                    c.Unit,
                    c.Confidence,
                    c.Source.ReplaceLineEndings(" ")
                )
                .Append('\n');
        return text.ToString();
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
