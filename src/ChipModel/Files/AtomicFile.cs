namespace TaalasSim.ChipModel.Files;

/// <summary>Writes files so that a reader sees the old content or the new one, never a part.</summary>
public static class AtomicFile
{
    /// <summary>Writes to a temporary name beside <paramref name="path"/>, flushes it and renames it into place.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var temporary = Unfinished.Note($"{full}.{Environment.ProcessId}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            Unfinished.Complete(temporary, () => File.Move(temporary, full, overwrite: true));
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
