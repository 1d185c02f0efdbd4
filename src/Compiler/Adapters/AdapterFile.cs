using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Adapters;

/// <summary>An adapter that was asked for: its file and how strongly it acts.</summary>
/// <param name="Path">GGUF file.</param>
/// <param name="Scale">Factor on the adapter's own scale; 1 leaves it.</param>
public sealed record AdapterFile(string Path, float Scale)
{
    /// <summary>Reads <c>FILE</c> or <c>FILE:SCALE</c>; a file whose name ends like a scale is taken as a file.</summary>
    /// <exception cref="InputException">The scale is not finite.</exception>
    public static AdapterFile Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (
            File.Exists(text)
            || colon <= 0
            || !float.TryParse(text.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var scale)
        )
            return new AdapterFile(text, 1);
        return float.IsFinite(scale)
            ? new AdapterFile(text[..colon], scale)
            : throw new InputException($"{text}: the scale is not a finite number; write FILE:SCALE with one such as 0.5");
    }
}
