namespace TaalasSim.Native;

/// <summary>Gives numbers to what callers hold, each number once, so that a freed handle is known as such.</summary>
internal static class Handles
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<nint, object> Held = [];
    private static nint _last;

    /// <summary>The handle of a new thing.</summary>
    public static nint Add(object thing)
    {
        lock (Gate)
        {
            // No pointer of the caller's own looks like it, and it is not null.
            _last += 16;
            Held.Add(_last, thing);
            return _last;
        }
    }

    /// <summary>The thing that a handle stands for.</summary>
    /// <exception cref="LibraryException">It stands for none of that kind.</exception>
    public static T Get<T>(nint handle)
        where T : class
    {
        lock (Gate)
            return Held.TryGetValue(handle, out var thing) && thing is T right
                ? right
                : throw new LibraryException(LibraryStatus.BadHandle, $"the handle of a {Kind<T>()} was freed, or is none");
    }

    /// <summary>Forgets a thing; whether it was there.</summary>
    public static bool Remove(object thing)
    {
        lock (Gate)
        {
            foreach (var (handle, held) in Held)
                if (ReferenceEquals(held, thing))
                    return Held.Remove(handle);
            return false;
        }
    }

    private static string Kind<T>() =>
        typeof(T) == typeof(HeldCard) ? "card"
        : typeof(T) == typeof(HeldContext) ? "context"
        : "stream";
}
