namespace TaalasSim.Server.Tools;

/// <summary>What is certain of a text that comes in pieces.</summary>
internal static class PartialText
{
    /// <summary>The length of a text without the end of it that may begin another.</summary>
    /// <param name="text">What has come.</param>
    /// <param name="next">The text that may begin.</param>
    /// <param name="isLast">Whether nothing more comes, so that nothing can begin.</param>
    public static int Sure(string text, string next, bool isLast)
    {
        for (var length = Math.Min(text.Length, next.Length - 1); length > 0 && !isLast; length--)
            if (text.AsSpan().EndsWith(next.AsSpan(0, length)))
                return text.Length - length;
        return text.Length;
    }
}
