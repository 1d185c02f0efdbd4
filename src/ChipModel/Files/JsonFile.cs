using System.Text;
using System.Text.Json;

namespace TaalasSim.ChipModel.Files;

/// <summary>Reads JSON files from others; a fault names file, line and column.</summary>
public static class JsonFile
{
    /// <summary>Most bytes of a file; the largest public tokenizers take about 40 MB.</summary>
    private const long MostBytes = 1L << 30;

    private const int DeepestNesting = 64;

    /// <summary>The file's value.</summary>
    /// <exception cref="InputException">No such file, not UTF-8 or not JSON.</exception>
    public static JsonElement Read(string path) => Parse(Bytes(path), path);

    /// <summary>The file's value, which must be an object.</summary>
    /// <exception cref="InputException">No such file, or not a JSON object.</exception>
    public static JsonElement ReadObject(string path) =>
        Read(path) is { ValueKind: JsonValueKind.Object } found
            ? found
            : throw new InputException($"{path}: expected a JSON object in braces; fetch the file again");

    /// <summary>The value of a JSON text.</summary>
    /// <param name="text">UTF-8, with or without a byte-order mark.</param>
    /// <param name="name">Name for messages.</param>
    /// <param name="advice">What to do about a fault.</param>
    /// <exception cref="InputException">Not UTF-8 or not JSON.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> text, string name, string advice = "fetch the file again")
    {
        if (text.StartsWith(Encoding.UTF8.Preamble))
            text = text[Encoding.UTF8.Preamble.Length..];
        if (!JsonTexts.AreUnicode(text))
            throw new InputException($"{name}: is not UTF-8 text, or holds half of a surrogate pair; {advice}");
        try
        {
            return JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = DeepestNesting });
        }
        catch (JsonException fault)
        {
            throw new InputException(
                $"{name}: line {fault.LineNumber + 1}, column {fault.BytePositionInLine + 1}: is not valid JSON; {advice}",
                fault
            );
        }
    }

    private static byte[] Bytes(string path) => RegularFile.ReadBytes(path, MostBytes, "a JSON file of a model");
}
