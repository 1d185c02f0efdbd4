namespace TaalasSim.Native;

/// <summary>A call that fails in the library itself.</summary>
internal sealed class LibraryException(int status, string message) : Exception(message)
{
    /// <summary>What the caller gets.</summary>
    public int Status { get; } = status;
}
