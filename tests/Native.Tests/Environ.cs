using System.Runtime.InteropServices;

namespace TaalasSim.Native.Tests;

/// <summary>The environment as the C library keeps it; .NET has a copy of its own.</summary>
internal static partial class Environ
{
    public static void Set(string name, string value) => _ = SetVariable(name, value, 1);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
