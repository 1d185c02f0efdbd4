using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>Encodes one row and checks that it can be read back.</summary>
internal static class EncodeRow
{
    /// <summary>Encodes a row.</summary>
    /// <param name="values">The row.</param>
    /// <param name="importance">Importance of each value; empty counts all alike.</param>
    /// <param name="to">Type to encode it in.</param>
    /// <param name="target">Takes its blocks.</param>
    /// <param name="decoded">Takes what the blocks say.</param>
    /// <returns>What stands in the way, or null.</returns>
    public static string? Fault(
        ReadOnlySpan<float> values,
        ReadOnlySpan<float> importance,
        CodeFormat to,
        Span<byte> target,
        Span<float> decoded
    )
    {
        try
        {
            to.Encode(values, importance, target);
        }
        catch (ArgumentException fault)
        {
            return OneSentence(fault.Message);
        }

        to.Decode(target, decoded);
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(decoded[i]))
                return FormattableString.Invariant($"{values[i]} cannot be stored as {to}");
        return null;
    }

    // ArgumentException appends the parameter's name.
    private static string OneSentence(string message) => message.Split(". ")[0].Split(" (Parameter")[0].TrimEnd('.');
}
