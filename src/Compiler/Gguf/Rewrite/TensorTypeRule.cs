using System.Text.RegularExpressions;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>A type for the matrices whose names a pattern is found in: <c>--tensor-type PATTERN=TYPE</c> of llama-quantize.</summary>
/// <param name="Pattern">Regular expression in lower case.</param>
/// <param name="Type">Type to store them as.</param>
public sealed record TensorTypeRule(Regex Pattern, CodeFormat Type)
{
    /// <summary>Reads <c>PATTERN=TYPE</c>.</summary>
    /// <exception cref="InputException">It is something else.</exception>
    public static TensorTypeRule Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at < 1)
            throw new InputException($"--tensor-type {GgufFaults.Quote(text)}: expected PATTERN=TYPE, such as attn_v=q8_0");
        try
        {
            var pattern = new Regex(text[..at].ToLowerInvariant(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return new TensorTypeRule(pattern, Format("--tensor-type", text[(at + 1)..]));
        }
        catch (ArgumentException e)
        {
            throw new InputException($"--tensor-type {GgufFaults.Quote(text)}: is no regular expression: {e.Message}");
        }
    }

    /// <summary>The type of a name, in any case.</summary>
    /// <exception cref="InputException">There is none, or none that can be written.</exception>
    public static CodeFormat Format(string option, string name) =>
        CodeFormats.Find(name.ToLowerInvariant()) is { GgmlType: >= 0, CanEncode: true } format
            ? format
            : throw new InputException(
                $"{option} {GgufFaults.Quote(name)}: unknown type; choose one of "
                    + $"{string.Join(' ', CodeFormats.GgufTypes.Where(f => f.CanEncode).Select(f => f.Name))}"
            );
}
