using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Compiler.Conversion;

/// <summary>
/// The text whose token ids name a pre-tokenizer, cut into words as tokenizer.json says. Its five characters beyond U+FFFF are symbols;
/// other symbols stand for them while regular expressions run, which see UTF-16 units.
/// </summary>
internal static class ProbeText
{
    private const string Text =
        "\n \n\n \n\n\n \t \t\t \t\n  \n   \n    \n     \n🚀 (normal) 😶\u200d🌫\ufe0f (multiple "
        + "emojis concatenated) ✅ 🦙🦙 3 33 333 3333 33333 333333 3333333"
        + " 33333333 3.3 3..3 3...3 កាន់តែពិសេសអាច😁 ?我想在apple工作1314151天"
        + "～ ------======= нещо на Български ''''''```````\"\"\"\"......!!!"
        + "!!!?????? I've been 'told he's there, 'RE you sure? 'M not s"
        + "ure I'll make it, 'D you like some tea? We'Ve a'lL";

    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private static readonly (string Astral, char StandIn)[] StandIns =
    [
        ("\U0001F680", '\u2600'),
        ("\U0001F636", '\u2601'),
        ("\U0001F32B", '\u2602'),
        ("\U0001F999", '\u2603'),
        ("\U0001F601", '\u2604'),
    ];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The probe text without its word in Khmer: llama.cpp's patterns cut marks of vowels otherwise than some files do.</summary>
    public static string WithoutKhmer { get; } = string.Concat(Text.Where(c => c is < '\u1780' or > '\u17FF'));

    /// <summary>The probe text.</summary>
    public static string Whole => Text;

    /// <summary>The words that tokenizer.json makes of a text, or null where it says what is not read here.</summary>
    /// <param name="files">Tokenizer files.</param>
    /// <param name="added">Added tokens.</param>
    /// <param name="text">The probe text, whole or not.</param>
    public static IReadOnlyList<Piece>? Words(TokenizerFiles files, IReadOnlyList<AddedToken> added, string text)
    {
        if (files.Json is not { } json)
            return null;
        if (Normalised(json, text) is not { } normal)
            return null;
        var pieces = WithoutAdded(normal, added);
        var steps = json.TryGetProperty("pre_tokenizer", out var pre) ? pre : default;
        return Cut(pieces, steps) is { } cut
            ? [.. cut.Where(p => p.Text.Length > 0).Select(p => p with { Text = Restored(p.Text) })]
            : null;
    }

    /// <summary>The words that a pre-tokenizer of llama.cpp makes of a text.</summary>
    public static IReadOnlyList<string> Words(PreTokenizer preTokenizer, string text) =>
        [.. preTokenizer.Split(text).Select(range => text[range])];

    /// <summary>SHA-256 of a list of ids as Python prints it.</summary>
    public static string Hash(IEnumerable<int> ids) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.ASCII.GetBytes($"[{string.Join(", ", ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))}]"))
        );

    // The normal forms that byte-pair vocabularies use; the probe text is in both composed forms.
    private static string? Normalised(JsonElement json, string probe)
    {
        var text = StandIns.Aggregate(probe, (t, s) => t.Replace(s.Astral, s.StandIn.ToString(), StringComparison.Ordinal));
        var step = json.TryGetProperty("normalizer", out var normalizer) ? normalizer : default;
        if (step.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return text;
        var steps = Type(step) == "Sequence" && step.TryGetProperty("normalizers", out var list) ? list.EnumerateArray().ToArray() : [step];
        foreach (var one in steps)
        {
            var form = Type(one) switch
            {
                "NFC" => NormalizationForm.FormC,
                "NFD" => NormalizationForm.FormD,
                "NFKC" => NormalizationForm.FormKC,
                "NFKD" => NormalizationForm.FormKD,
                _ => (NormalizationForm?)null,
            };
            if (form is null)
                return null;
            text = text.Normalize(form.Value);
        }

        return text;
    }

    private static List<Piece> WithoutAdded(string text, IReadOnlyList<AddedToken> added)
    {
        var pieces = new List<Piece>();
        var start = 0;
        for (var at = 0; at < text.Length; )
        {
            var found = added
                .Where(t => t.Content.Length > 0 && string.CompareOrdinal(text, at, t.Content, 0, t.Content.Length) == 0)
                .MaxBy(t => t.Content.Length);
            if (found is null)
            {
                at++;
                continue;
            }

            pieces.Add(new(text[start..at], -1));
            pieces.Add(new(found.Content, (int)found.Id));
            start = at += found.Content.Length;
        }

        pieces.Add(new(text[start..], -1));
        return pieces;
    }

    private static List<Piece>? Cut(List<Piece> pieces, JsonElement step)
    {
        if (step.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return pieces;
        switch (Type(step))
        {
            case "Sequence":
                List<Piece>? all = pieces;
                foreach (var one in step.TryGetProperty("pretokenizers", out var list) ? list.EnumerateArray().ToArray() : [])
                    all = all is null ? null : Cut(all, one);
                return all;
            case "Split" when Pattern(step) is { } pattern:
                return Cut(pieces, pattern);
            case "Digits":
                return Cut(pieces, Is(step, "individual_digits") ? @"\p{N}" : @"\p{N}+");
            case "ByteLevel":
                var spaced = Is(step, "add_prefix_space")
                    ? pieces.ConvertAll(p => p.Id >= 0 || p.Text.Length == 0 || p.Text[0] == ' ' ? p : p with { Text = ' ' + p.Text })
                    : pieces;
                return step.TryGetProperty("use_regex", out var use) && use.ValueKind == JsonValueKind.False ? spaced : Cut(spaced, Gpt2);
            default:
                return null;
        }
    }

    // Matches and what lies between them become pieces.
    private static List<Piece>? Cut(List<Piece> pieces, string pattern)
    {
        try
        {
            var regex = new Regex(pattern, RegexOptions.CultureInvariant, Limit);
            var cut = new List<Piece>();
            foreach (var piece in pieces)
            {
                if (piece.Id >= 0)
                {
                    cut.Add(piece);
                    continue;
                }

                var last = 0;
                foreach (var match in regex.EnumerateMatches(piece.Text))
                {
                    cut.Add(new(piece.Text[last..match.Index], -1));
                    last = match.Index + match.Length;
                    cut.Add(new(piece.Text[match.Index..last], -1));
                }

                cut.Add(new(piece.Text[last..], -1));
            }

            return [.. cut.Where(p => p.Text.Length > 0)];
        }
        catch (Exception fault) when (fault is ArgumentException or RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static string? Pattern(JsonElement step)
    {
        if (!step.TryGetProperty("pattern", out var pattern) || pattern.ValueKind != JsonValueKind.Object)
            return null;
        // What is removed is what no match covers, and these patterns cover everything.
        var behavior = step.TryGetProperty("behavior", out var b) && b.ValueKind == JsonValueKind.String ? b.GetString() : "";
        if (behavior != "Isolated" && !(behavior == "Removed" && Is(step, "invert")))
            return null;
        if (pattern.TryGetProperty("Regex", out var regex) && regex.ValueKind == JsonValueKind.String)
            return regex.GetString();
        return pattern.TryGetProperty("String", out var text) && text.ValueKind == JsonValueKind.String
            ? Regex.Escape(text.GetString()!)
            : null;
    }

    private static string Restored(string text) =>
        StandIns.Aggregate(text, (t, s) => t.Replace(s.StandIn.ToString(), s.Astral, StringComparison.Ordinal));

    private static bool Is(JsonElement step, string key) =>
        step.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.True;

    private static string Type(JsonElement step) =>
        step.ValueKind == JsonValueKind.Object && step.TryGetProperty("type", out var type) ? type.ToString() : "";

    /// <summary>A piece of the text.</summary>
    /// <param name="Text">Its characters.</param>
    /// <param name="Id">The added token that it is; −1 for text.</param>
    internal sealed record Piece(string Text, int Id);
}
