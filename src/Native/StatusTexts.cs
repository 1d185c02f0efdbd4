using System.Runtime.InteropServices;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Native;

/// <summary>Statuses in words, as C strings that stay.</summary>
internal static class StatusTexts
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, nint> Texts = [];

    /// <summary>The text of a status; one for statuses that there are none of as well.</summary>
    public static nint Of(int status)
    {
        var words = Words(status);
        var key = words == Unknown ? -1 : status;
        lock (Gate)
        {
            if (!Texts.TryGetValue(key, out var text))
                Texts[key] = text = Marshal.StringToCoTaskMemUTF8(words);
            return text;
        }
    }

    private const string Unknown = "no such status";

    private static string Words(int status) =>
        status switch
        {
            LibraryStatus.BadHandle => "the handle was freed, or is of another kind",
            LibraryStatus.BadArgument => "a null pointer, or a size or number out of range",
            LibraryStatus.NoDevice => "no card of that name runs",
            LibraryStatus.BufferTooSmall => "the buffer is too small",
            LibraryStatus.End => "the stream has no more tokens",
            LibraryStatus.Internal => "a fault of the library",
            >= 0 and <= ushort.MaxValue => CardWords((StatusCode)status),
            _ => Unknown,
        };

    private static string CardWords(StatusCode code) =>
        code switch
        {
            StatusCode.Ok => "done",
            StatusCode.BadOpcode => "the model or the channel has no such command",
            StatusCode.BadField => "an argument has a value that the command does not take",
            StatusCode.ReservedNotZero => "reserved bits are set",
            StatusCode.Aborted => "the command was aborted",
            StatusCode.Timeout => "no answer in time",
            StatusCode.Cancelled => "cancelled",
            StatusCode.DeviceReset => "the card was reset; open it again",
            StatusCode.NoPermission => "it belongs to another client",
            StatusCode.Busy => "in use",
            StatusCode.BadContext => "the card has no such context",
            StatusCode.ContextFull => "the context has no room for the tokens",
            StatusCode.BadDoorbell => "a doorbell carried an index outside its ring",
            StatusCode.CidInUse => "the command id is in flight already",
            StatusCode.QueueInvalid => "the channel or ring does not fit the request",
            StatusCode.DmaAddressFault => "an address is not aligned",
            StatusCode.DmaLength => "too long for the command or for the memory that is shared with the card",
            StatusCode.PoisonedData => "data arrived damaged",
            StatusCode.IommuFault => "an address is outside the client's memory",
            StatusCode.ScatterListMalformed => "a scatter list is malformed",
            StatusCode.SramOutOfRange => "a range is outside SRAM",
            StatusCode.ImageRejected => "the runtime image is damaged",
            StatusCode.ImageSignature => "the runtime image is not signed as the card asks",
            StatusCode.ModelMismatch => "the runtime image is for another model or other masks",
            StatusCode.ContextLengthExceeded => "more positions than the chip holds",
            StatusCode.KvExhausted => "every user slot is taken",
            StatusCode.BadTokenId => "a token id is outside the vocabulary",
            StatusCode.NotANumber => "the logits hold a NaN",
            StatusCode.EccContained => "an uncorrectable error struck the context",
            StatusCode.EccFatal => "an uncorrectable error struck the card",
            StatusCode.ThermalStop => "the card is too hot",
            StatusCode.PowerBreak => "the card was told to save power",
            StatusCode.Watchdog => "the firmware of the card stopped",
            StatusCode.Link => "the process of the card has gone; start it again",
            _ => Unknown,
        };
}
