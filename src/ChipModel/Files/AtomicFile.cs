namespace TaalasSim.ChipModel.Files;

/// <summary>Writes files so that a reader sees the old content or the new one, never a part.</summary>
public static class AtomicFile
{
    /// <summary>Writes to a temporary name beside <paramref name="path"/>, flushes it and renames it into place.</summary>
    /// <exception cref="InputException">The place is no regular file, or lies in a chip image.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        using var set = new OutputSet();
        set.Add(path, write);
        set.Commit();
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
