using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Native;

/// <summary>Turns what a call throws into its status and the thread's last error: no exception may reach the caller.</summary>
internal static class Guard
{
    [ThreadStatic]
    private static nint _lastError;

    private static readonly nint Nothing = Marshal.StringToCoTaskMemUTF8("");

    /// <summary>Why the thread's last call failed, as a C string.</summary>
    public static nint LastError => _lastError == 0 ? Nothing : _lastError;

    /// <summary>Runs a call.</summary>
    public static int Run(Action call) =>
        Run(() =>
        {
            call();
            return LibraryStatus.Ok;
        });

    /// <summary>Runs a call that has a status of its own.</summary>
    public static int Run(Func<int> call)
    {
        Marshal.FreeCoTaskMem(_lastError);
        _lastError = 0;
        try
        {
            return call();
        }
        catch (Exception e)
        {
            _lastError = Marshal.StringToCoTaskMemUTF8(e.Message);
            return Status(e);
        }
    }

    /// <summary>Refuses a null pointer.</summary>
    public static unsafe void NotNull(void* pointer, string name)
    {
        if (pointer is null)
            throw new LibraryException(LibraryStatus.BadArgument, $"{name} is null");
    }

    /// <summary>Refuses a number that no array has as its length.</summary>
    public static int Length(uint length, string name) =>
        length <= Array.MaxLength
            ? (int)length
            : throw new LibraryException(LibraryStatus.BadArgument, FormattableString.Invariant($"{name} is {length}, which is too many"));

    private static int Status(Exception e) =>
        e switch
        {
            LibraryException own => own.Status,
            DriverException driver => (int)driver.Code,
            OperationCanceledException => (int)StatusCode.Cancelled,
            InputException or ArgumentException or IOException => LibraryStatus.BadArgument,
            _ => LibraryStatus.Internal,
        };
}
