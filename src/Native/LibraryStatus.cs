namespace TaalasSim.Native;

/// <summary>Status codes that the library adds to those of the card; named as in <c>taalas.h</c>.</summary>
internal static class LibraryStatus
{
    public const int Ok = 0;
    public const int BadHandle = 0x1001;
    public const int BadArgument = 0x1002;
    public const int NoDevice = 0x1003;
    public const int BufferTooSmall = 0x1004;
    public const int End = 0x1005;
    public const int Internal = 0x1fff;
}
