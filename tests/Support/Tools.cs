using NUnit.Framework;

namespace TaalasSim.Support;

/// <summary>Programs outside the checkout that some tests drive; <c>./test</c> installs them where it can.</summary>
public static class Tools
{
    /// <summary>Skips the calling test by name when the program is not installed.</summary>
    /// <param name="name">Name of the program, and of its Debian package.</param>
    public static void Need(string name)
    {
        if (!Has(name))
            Assert.Ignore($"needs {name}, which is not installed (package '{name}')");
    }

    /// <summary>Whether a program is installed.</summary>
    public static bool Has(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, name)));
}
