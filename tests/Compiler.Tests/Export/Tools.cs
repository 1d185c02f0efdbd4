using NUnit.Framework;
using TaalasSim.Compiler.Export;

namespace TaalasSim.Compiler.Tests.Export;

/// <summary>Programs that some tests need.</summary>
internal static class Tools
{
    /// <summary>Skips the calling test by name when the program is not installed.</summary>
    public static void Need(string name)
    {
        if (ExternalTool.Find(name) is null)
            Assert.Ignore($"needs {name}, which is not installed (package '{name}')");
    }
}
