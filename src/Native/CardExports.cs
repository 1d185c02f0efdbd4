using System.Runtime.InteropServices;

namespace TaalasSim.Native;

/// <summary>Exports about a card.</summary>
internal static unsafe class CardExports
{
    [UnmanagedCallersOnly(EntryPoint = "taalas_open")]
    private static int Open(byte* name, nint* card) =>
        Guard.Run(() =>
        {
            Guard.NotNull(card, "card");
            *card = 0;
            *card = Handles.Add(HeldCard.Open(Texts.Read(name, "name")));
        });

    [UnmanagedCallersOnly(EntryPoint = "taalas_close")]
    private static int Close(nint card) =>
        Guard.Run(() =>
        {
            var held = Handles.Get<HeldCard>(card);
            // Of two threads that close, one does.
            if (Handles.Remove(held))
                held.Close();
        });

    [UnmanagedCallersOnly(EntryPoint = "taalas_reopen")]
    private static int Reopen(nint card) => Guard.Run(() => Handles.Get<HeldCard>(card).Reopen());

    [UnmanagedCallersOnly(EntryPoint = "taalas_get_properties")]
    private static int GetProperties(nint card, PropertiesStruct* properties) =>
        Guard.Run(() =>
            Handles
                .Get<HeldCard>(card)
                .Use(
                    (open, tokenizer) =>
                    {
                        var first = tokenizer() is { AddsBos: true } text ? text.BosId : -1;
                        Texts.Fill(properties, PropertiesStruct.Of(open, first), "properties");
                    }
                )
        );

    [UnmanagedCallersOnly(EntryPoint = "taalas_get_telemetry")]
    private static int GetTelemetry(nint card, TelemetryStruct* telemetry) =>
        Guard.Run(() =>
            Handles
                .Get<HeldCard>(card)
                .Use(
                    (open, _) =>
                    {
                        Texts.CheckedSize(telemetry, "telemetry");
                        Texts.Fill(telemetry, TelemetryStruct.Of(open.Telemetry(), open.TimeNs), "telemetry");
                    }
                )
        );

    [UnmanagedCallersOnly(EntryPoint = "taalas_load_image")]
    private static int LoadImage(nint card, byte* image, ulong bytes) =>
        Guard.Run(() =>
        {
            Guard.NotNull(image, "image");
            if (bytes == 0)
                throw new LibraryException(LibraryStatus.BadArgument, "bytes is 0");
            var length = Guard.Length((uint)Math.Min(bytes, uint.MaxValue), "bytes");
            Handles.Get<HeldCard>(card).Load(new ReadOnlySpan<byte>(image, length));
        });
}
