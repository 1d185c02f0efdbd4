using System.Runtime.InteropServices;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Native;

/// <summary>Exports about a context.</summary>
internal static unsafe class ContextExports
{
    [UnmanagedCallersOnly(EntryPoint = "taalas_create_context")]
    private static int Create(nint card, ContextStruct* settings, nint* context) =>
        Guard.Run(() =>
        {
            Guard.NotNull(context, "context");
            *context = 0;
            Texts.CheckedSize(settings, "settings");
            var held = Handles.Get<HeldCard>(card);
            int[] stops = [];
            held.Use((_, tokenizer) => stops = Stops(*settings, tokenizer));
            var positions = Guard.Length(settings->Positions, "positions");
            *context = Handles.Add(held.OpenContext(positions, settings->Sampler.ToSettings(), stops));
        });

    [UnmanagedCallersOnly(EntryPoint = "taalas_free_context")]
    private static int Free(nint context) => Guard.Run(() => Handles.Get<HeldContext>(context).Free());

    [UnmanagedCallersOnly(EntryPoint = "taalas_set_sampler")]
    private static int SetSampler(nint context, SamplerStruct* sampler) =>
        Guard.Run(() =>
        {
            Guard.NotNull(sampler, "sampler");
            var settings = sampler->ToSettings();
            var held = Handles.Get<HeldContext>(context);
            held.Use((open, _) => open.SetSampler(settings, held.Stops));
        });

    [UnmanagedCallersOnly(EntryPoint = "taalas_prefill")]
    private static int Prefill(nint context, int* ids, uint count, uint position, uint timeoutMs, uint* length) =>
        Guard.Run(() =>
        {
            Guard.NotNull(ids, "ids");
            var tokens = new ReadOnlySpan<int>(ids, Guard.Length(count, "count")).ToArray();
            var at = Guard.Length(position, "position");
            Handles
                .Get<HeldContext>(context)
                .Use(
                    (open, cancel) =>
                    {
                        var now = open.Prefill(tokens, at, timeout: Timeout(timeoutMs), cancel: cancel);
                        if (length is not null)
                            *length = (uint)now;
                    }
                );
        });

    [UnmanagedCallersOnly(EntryPoint = "taalas_trim")]
    private static int Trim(nint context, uint position) =>
        Guard.Run(() => Handles.Get<HeldContext>(context).Use((open, _) => open.Trim(Guard.Length(position, "position"))));

    [UnmanagedCallersOnly(EntryPoint = "taalas_read_logits")]
    private static int ReadLogits(nint context, float* logits, uint capacity) =>
        Guard.Run(() =>
        {
            Guard.NotNull(logits, "logits");
            Handles
                .Get<HeldContext>(context)
                .Use(
                    (open, _) =>
                    {
                        if (capacity < open.Vocabulary)
                            throw new LibraryException(
                                LibraryStatus.BufferTooSmall,
                                FormattableString.Invariant($"a row has {open.Vocabulary} logits; the buffer holds {capacity}")
                            );
                        open.Logits(0).CopyTo(new Span<float>(logits, open.Vocabulary));
                    }
                );
        });

    [UnmanagedCallersOnly(EntryPoint = "taalas_cancel")]
    private static int Cancel(nint context) => Guard.Run(() => Handles.Get<HeldContext>(context).Cancel());

    /// <summary>A limit of the caller's; 0 is none.</summary>
    internal static TimeSpan? Timeout(uint milliseconds) => milliseconds == 0 ? null : TimeSpan.FromMilliseconds(milliseconds);

    private static int[] Stops(ContextStruct settings, Func<TextTokenizer> tokenizer)
    {
        if (settings.EndsTexts > 1)
            throw new LibraryException(LibraryStatus.BadArgument, "settings->ends_texts must be 0 or 1");
        if (settings.StopCount > 0)
            Guard.NotNull(settings.Stops, "settings->stops");
        var stops = new ReadOnlySpan<int>(settings.Stops, Guard.Length(settings.StopCount, "settings->stop_count")).ToArray();
        if (settings.EndsTexts == 1)
        {
            var text = tokenizer();
            stops = [.. stops, .. Enumerable.Range(0, text.VocabularySize).Where(text.IsEndOfGeneration).Take(SamplerBlock.MaxStops)];
        }
        return stops.Length <= SamplerBlock.MaxStops
            ? stops
            : throw new LibraryException(LibraryStatus.BadArgument, $"at most {SamplerBlock.MaxStops} ids end a decode");
    }
}
