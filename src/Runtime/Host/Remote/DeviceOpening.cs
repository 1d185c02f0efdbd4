namespace TaalasSim.Runtime.Host.Remote;

/// <summary>What a client gets when it opens a card in another process.</summary>
internal sealed record DeviceOpening
{
    /// <summary>The card.</summary>
    public required DeviceStatus Device { get; init; }

    /// <summary>Number of the client.</summary>
    public required int Client { get; init; }

    /// <summary>File of the shared memory.</summary>
    public required string Memory { get; init; }

    /// <summary>Its length.</summary>
    public required int MemoryBytes { get; init; }

    /// <summary>Its address on the bus.</summary>
    public required ulong Address { get; init; }

    /// <summary>File of the tokenizer.</summary>
    public required string Tokenizer { get; init; }

    /// <summary>Tokens of the vocabulary.</summary>
    public required int Vocabulary { get; init; }
}
