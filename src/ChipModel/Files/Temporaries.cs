using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace TaalasSim.ChipModel.Files;

/// <summary>
/// Names of files and folders in the making. A name tells the process and cannot be guessed; the entry is locked while its process lives,
/// so that what a dead process left is known and removed by the next one.
/// </summary>
internal static partial class Temporaries
{
    /// <summary>A new name in a folder.</summary>
    public static string Name(string folder) =>
        Unfinished.Note(
            Path.Combine(
                folder,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $".taalas-{Environment.ProcessId}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp"
                )
            )
        );

    /// <summary>Whether a name is one of ours.</summary>
    public static bool IsName(string name) => Pattern().IsMatch(name);

    /// <summary>Makes a folder under a new name and locks it.</summary>
    /// <param name="parent">Folder for it.</param>
    /// <param name="ofUserOnly">Others may not look into it.</param>
    public static (string Path, SafeFileHandle? Lock) MakeFolder(string parent, bool ofUserOnly = false)
    {
        Clean(parent);
        var path = Name(parent);
        PosixFiles.MakeFolder(path, ofUserOnly);
        return (path, PosixFiles.Lock(path));
    }

    /// <summary>Removes what dead processes of this user left in a folder. Nothing is removed that has another name, is locked, is a link
    /// or belongs to someone else; what cannot be removed stays.</summary>
    public static void Clean(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(folder, ".taalas-*.tmp").ToList())
                if (Pattern().Match(Path.GetFileName(path)) is { Success: true } name)
                    Remove(path, name.Groups["process"].Value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // They are in nobody's way.
        }
    }

    /// <summary>Deletes a temporary file or folder if it is there; a fault is not reported, as another is on its way.</summary>
    public static void Delete(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
            Unfinished.Forget(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next run removes it.
        }
    }

    private static void Remove(string path, string process)
    {
        if (PosixFiles.Look(path) is not { } entry || !(entry.IsFolder || entry.IsRegular) || entry.Owner != PosixFiles.User)
            return;
        // Between its making and its lock an entry is a moment without one.
        var written = File.GetLastWriteTimeUtc(path);
        if (DateTime.UtcNow - written < TimeSpan.FromSeconds(10) && LivedThen(process, written))
            return;
        using var held = PosixFiles.Lock(path);
        if (held is not null)
            Delete(path);
    }

    // Whether the process lives and did so at that time: numbers of dead ones are given again, to threads as well.
    private static bool LivedThen(string process, DateTime time)
    {
        try
        {
            using var found = Process.GetProcessById(int.Parse(process, CultureInfo.InvariantCulture));
            return found.StartTime.ToUniversalTime() <= time;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception or OverflowException)
        {
            return e is Win32Exception;
        }
    }

    [GeneratedRegex(
        @"\A\.taalas-(?<process>[0-9]{1,10})-[0-9a-f]{16}\.tmp\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Pattern();
}
