using System.Diagnostics;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Native.Tests;

/// <summary>The shared library of the driver, built when it is missing or older than its sources, and C programs that use it.</summary>
internal static class DriverLibrary
{
    private static readonly string Folder = Shared.InRepo("out/native");

    // What the library is made of.
    private static readonly string[] Sources = ["src/Native", "src/Runtime/Card", "src/Runtime/Host", "src/Compiler", "src/ChipModel"];

    // Restore says so when the compiler to native code is not to be had.
    private static readonly string[] NoCompiler = ["NU1101", "NU1102", "NU1103", "NU1301"];

    private static readonly string[] Warnings = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror"];

    private static readonly string[] HowToPublish =
    [
        "-c",
        "Release",
        "-v",
        "quiet",
        "--nologo",
        "-p:Ahead=true",
        "-p:BuildProjectReferences=false",
        "-p:RunAnalyzers=false",
    ];

    private static readonly Lazy<(string? Missing, string? Failed)> Built = new(Build);

    /// <summary>Its file; skips the calling test by name where it cannot be built.</summary>
    public static string File
    {
        get
        {
            if (Built.Value.Missing is { } missing)
                Assert.Ignore(missing);
            Assert.That(Built.Value.Failed, Is.Null);
            return Path.Combine(Folder, "libtaalas.so");
        }
    }

    /// <summary>The header.</summary>
    public static string Header => Shared.InRepo("src/Native/taalas.h");

    /// <summary>Compiles a C program against header and library.</summary>
    /// <returns>The program.</returns>
    public static string Compile(string source, string program)
    {
        var (code, text) = Run(
            "cc",
            [
                .. Warnings,
                "-I",
                Path.GetDirectoryName(Header)!,
                source,
                $"-L{Path.GetDirectoryName(File)}",
                $"-Wl,-rpath,{Path.GetDirectoryName(File)}",
                "-ltaalas",
                "-o",
                program,
            ]
        );
        Assert.That(code, Is.Zero, text);
        return program;
    }

    /// <summary>Runs a program; its exit code and what it wrote to both streams.</summary>
    public static (int Code, string Text) Run(string program, IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    /// <summary>Starts a program.</summary>
    public static Process Start(string program, IEnumerable<string> arguments) =>
        Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    private static (string? Missing, string? Failed) Build()
    {
        if (!Tools.Has("cc") || !Tools.Has("nm"))
            return ("needs a C compiler and nm (package 'gcc')", null);
        var file = Path.Combine(Folder, "libtaalas.so");
        if (System.IO.File.Exists(file) && System.IO.File.GetLastWriteTimeUtc(file) > Newest())
            return (null, null);
        var (code, text) = Run(
            "dotnet",
            ["publish", Shared.InRepo("src/Native/Native.csproj"), .. HowToPublish, "-o", Folder]
        );
        if (code == 0)
        {
            System.IO.File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
            return (null, null);
        }
        return Array.Exists(NoCompiler, text.Contains)
            ? ("needs the package runtime.linux-x64.Microsoft.DotNet.ILCompiler, which NuGet does not give here", null)
            : (null, text);
    }

    private static DateTime Newest() =>
        Sources
            .SelectMany(folder => Directory.GetFiles(Shared.InRepo(folder), "*.*", SearchOption.AllDirectories))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Max(System.IO.File.GetLastWriteTimeUtc);
}
