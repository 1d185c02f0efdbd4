using System.Text;

namespace TaalasSim.Reports.Pages;

/// <summary>Files that every page carries.</summary>
internal static class PageResource
{
    /// <summary>Text of a file of this folder.</summary>
    /// <param name="name">File.</param>
    public static string Text(string name)
    {
        using var stream = typeof(PageResource).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
