namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>What a completion says of the data that the card wrote for it, so that the host sees whether they have all arrived.</summary>
public static class DataCheck
{
    /// <summary>CRC-32C of the data; never all ones, which mark a completion that has not been written.</summary>
    public static uint Of(ReadOnlySpan<byte> data) => Crc32C.Of(data) is var crc && crc == CompletionEntry.NotWritten ? 0 : crc;
}
