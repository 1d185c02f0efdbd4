using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>A key of the new file: <c>--override-kv KEY=TYPE:VALUE</c> of llama-quantize, which stores int as u32 and float as
/// f32.</summary>
/// <param name="Key">Key, of at most 127 characters.</param>
/// <param name="Value">uint, float, bool or string.</param>
public sealed record KeyOverride(string Key, object Value)
{
    private const int Longest = 127;

    /// <summary>Reads <c>KEY=TYPE:VALUE</c>.</summary>
    /// <exception cref="InputException">It is something else, or the key belongs to the file itself.</exception>
    public static KeyOverride Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        var colon = at < 1 ? -1 : text.IndexOf(':', at);
        if (colon < 0 || at > Longest)
            throw Fault(text, "expected KEY=TYPE:VALUE with TYPE int, float, bool or str and a key of at most 127 characters");
        var (key, type, value) = (text[..at], text[(at + 1)..colon], text[(colon + 1)..]);
        if (key == GgufWriter.AlignmentKey || key.StartsWith("split.", StringComparison.Ordinal))
            throw Fault(text, "this key follows from the file; leave it out");
        return new KeyOverride(
            key,
            type switch
            {
                "int" when uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) => n,
                "int" => throw Fault(text, $"expected a whole number up to {uint.MaxValue}"),
                "float" when float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && float.IsFinite(x) => x,
                "float" => throw Fault(text, "expected a number"),
                "bool" when value is "true" or "false" => value == "true",
                "bool" => throw Fault(text, "expected true or false"),
                "str" when value.Length <= Longest => value,
                "str" => throw Fault(text, "expected at most 127 characters"),
                _ => throw Fault(text, "expected TYPE int, float, bool or str"),
            }
        );
    }

    /// <summary>Writes the key.</summary>
    internal void AddTo(GgufWriter writer)
    {
        switch (Value)
        {
            case uint n:
                writer.Add(Key, n);
                break;
            case float x:
                writer.Add(Key, x);
                break;
            case bool b:
                writer.Add(Key, b);
                break;
            default:
                writer.Add(Key, (string)Value);
                break;
        }
    }

    private static InputException Fault(string text, string what) => new($"--override-kv {GgufFaults.Quote(text)}: {what}");
}
