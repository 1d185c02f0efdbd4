using System.Net.Sockets;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Host.Remote;

/// <summary>Where the devices of this user are: a folder that only the user may enter, with a socket and a log for each.</summary>
public static class DeviceFolder
{
    private const int LongestName = 32;

    // A socket's path must fit the kernel's structure.
    private const int LongestPath = 100;

    /// <summary>The folder, made when it is missing.</summary>
    /// <exception cref="InputException">It belongs to somebody else, or its path is too long for sockets.</exception>
    public static string Path
    {
        get
        {
            var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
            var folder = runtime is { Length: > 0 }
                ? System.IO.Path.Combine(runtime, "taalas")
                : System.IO.Path.Combine(System.IO.Path.GetTempPath(), "taalas-" + Environment.UserName);
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
            {
                const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
                Directory.CreateDirectory(folder, Own);
                if (new DirectoryInfo(folder).LinkTarget is not null || System.IO.File.GetUnixFileMode(folder) != Own)
                    throw new InputException($"{folder}: must be a folder that only you may enter; remove it");
            }
            return folder.Length + LongestName > LongestPath
                ? throw new InputException($"{folder}: too long a path for sockets; set XDG_RUNTIME_DIR to a shorter one")
                : folder;
        }
    }

    /// <summary>Socket of a device.</summary>
    /// <exception cref="InputException">The name is none.</exception>
    public static string Socket(string name) => File(name, ".sock");

    /// <summary>What the device wrote.</summary>
    public static string Log(string name) => File(name, ".log");

    /// <summary>Devices whose process answers, by name.</summary>
    public static IReadOnlyList<string> Names() =>
        [
            .. Directory
                .GetFiles(Path, "*.sock")
                .Select(System.IO.Path.GetFileNameWithoutExtension)
                .OfType<string>()
                .Where(IsUp)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Whether the process of a device answers.</summary>
    public static bool IsUp(string name)
    {
        using var stream = TryConnect(name);
        return stream is not null;
    }

    /// <summary>Connects to a device; null when no process answers.</summary>
    internal static NetworkStream? TryConnect(string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(Socket(name)));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static string File(string name, string ending)
    {
        if (name.Length is 0 or > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new InputException($"device '{Shown(name)}': a name is 1 to {LongestName} letters, digits, - or _");
        return System.IO.Path.Combine(Path, name + ending);
    }

    private static string Shown(string name) => new([.. name.Take(LongestName).Select(c => char.IsControl(c) ? '?' : c)]);
}
