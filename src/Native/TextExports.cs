using System.Runtime.InteropServices;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Native;

/// <summary>Exports that turn text into token ids and back.</summary>
internal static unsafe class TextExports
{
    [UnmanagedCallersOnly(EntryPoint = "taalas_tokenize")]
    private static int Tokenize(nint card, byte* text, int* ids, uint capacity, uint* count) =>
        Guard.Run(() =>
        {
            var words = Texts.Read(text, "text");
            return Give(card, t => t.Encode(words, addSpecial: true, parseSpecial: true), ids, capacity, count, "count");
        });

    [UnmanagedCallersOnly(EntryPoint = "taalas_token_bytes")]
    private static int TokenBytes(nint card, int id, byte* buffer, uint capacity, uint* bytes) =>
        Guard.Run(() => Give(card, t => t.IsSpecial(id) ? [] : t.Piece(id).ToArray(), buffer, capacity, bytes, "bytes"));

    // Tells how much there is, and gives it where there is room.
    private static int Give<T>(nint card, Func<TextTokenizer, T[]> make, T* buffer, uint capacity, uint* count, string name)
        where T : unmanaged
    {
        Guard.NotNull(count, name);
        *count = 0;
        T[] made = [];
        Handles.Get<HeldCard>(card).Use((_, tokenizer) => made = make(tokenizer()));
        *count = (uint)made.Length;
        if (made.Length > capacity)
            throw new LibraryException(
                LibraryStatus.BufferTooSmall,
                FormattableString.Invariant($"{made.Length} do not fit a buffer of {capacity}")
            );
        if (made.Length == 0)
            return LibraryStatus.Ok;
        Guard.NotNull(buffer, "buffer");
        made.CopyTo(new Span<T>(buffer, made.Length));
        return LibraryStatus.Ok;
    }
}
