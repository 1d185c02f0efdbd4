using System.Text;

namespace TaalasSim.ChipModel.Files;

/// <summary>Reads small files whole, by the bytes that they give and not by the length that they report.</summary>
public static class BoundedFile
{
    /// <summary>Text in UTF-8 of a regular file.</summary>
    /// <param name="path">File.</param>
    /// <param name="most">Most bytes.</param>
    /// <exception cref="InputException">It is missing, no regular file, larger, or cannot be read.</exception>
    public static string ReadText(string path, long most)
    {
        try
        {
            if (!File.Exists(path))
                throw new InputException($"{path}: no such file");
            if (PosixFiles.IsRegularBehindLinks(path) == false)
                throw new InputException($"{path}: is no regular file");
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            using var bytes = new MemoryStream();
            var buffer = new byte[1 << 14];
            for (int n; (n = stream.Read(buffer)) > 0; bytes.Write(buffer, 0, n))
                if (bytes.Length + n > most)
                    throw new InputException($"{path}: is larger than {most} bytes");
            return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
