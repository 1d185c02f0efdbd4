using System.Runtime.InteropServices;

namespace TaalasSim.Native;

/// <summary>Exports about a decode.</summary>
internal static unsafe class StreamExports
{
    [UnmanagedCallersOnly(EntryPoint = "taalas_decode")]
    private static int Decode(nint context, uint tokens, uint timeoutMs, nint* stream) =>
        Guard.Run(() =>
        {
            Guard.NotNull(stream, "stream");
            *stream = 0;
            var most = Guard.Length(tokens, "tokens");
            *stream = Handles.Get<HeldContext>(context).Decode(most, ContextExports.Timeout(timeoutMs));
        });

    [UnmanagedCallersOnly(EntryPoint = "taalas_next")]
    private static int Next(nint stream, TokenStruct* token) =>
        Guard.Run(() =>
        {
            Guard.NotNull(token, "token");
            *token = default;
            if (Handles.Get<HeldStream>(stream).Next() is not { } next)
                return LibraryStatus.End;
            *token = new TokenStruct(next);
            return LibraryStatus.Ok;
        });

    [UnmanagedCallersOnly(EntryPoint = "taalas_end_stream")]
    private static int End(nint stream) => Guard.Run(() => Handles.Get<HeldStream>(stream).End());
}
