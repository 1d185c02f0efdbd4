using System.Text.Json;
using System.Text.Unicode;

namespace TaalasSim.ChipModel.Files;

/// <summary>Checks the texts of a JSON document before anything reads them: System.Text.Json parses ill-formed UTF-8 and halves of
/// surrogate pairs, and fails only where such a text is read.</summary>
public static class JsonTexts
{
    /// <summary>Whether every text of a document, names included, is Unicode. A document that is no JSON passes; its parser says
    /// where.</summary>
    /// <param name="json">Document in UTF-8.</param>
    public static bool AreUnicode(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            return false;
        // Escapes of surrogates begin with \ud; most documents have none.
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
            return true;
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                    _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }
}
