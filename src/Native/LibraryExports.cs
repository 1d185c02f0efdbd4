using System.Reflection;
using System.Runtime.InteropServices;

namespace TaalasSim.Native;

/// <summary>Exports about the library itself.</summary>
internal static class LibraryExports
{
    // TAALAS_VERSION of taalas.h.
    private const uint Version = 1 << 16 | 0;
    private static readonly nint Text = Marshal.StringToCoTaskMemUTF8(
        typeof(LibraryExports).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion
    );

    [UnmanagedCallersOnly(EntryPoint = "taalas_version")]
    private static uint GetVersion() => Version;

    [UnmanagedCallersOnly(EntryPoint = "taalas_version_text")]
    private static nint GetVersionText() => Text;

    [UnmanagedCallersOnly(EntryPoint = "taalas_status_text")]
    private static nint GetStatusText(int status) => StatusTexts.Of(status);

    [UnmanagedCallersOnly(EntryPoint = "taalas_last_error")]
    private static nint GetLastError() => Guard.LastError;
}
