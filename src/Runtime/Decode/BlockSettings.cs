namespace TaalasSim.Runtime.Decode;

/// <summary>How the masked positions of a block get their tokens.</summary>
public readonly record struct BlockSettings
{
    /// <summary>A step reveals every position whose confidence reaches this, and at least the most confident one. Above 1: one position a
    /// step; 0: all in one step.</summary>
    public required float Threshold { get; init; }

    /// <summary>0 or less takes the most likely token; otherwise logits are divided by it and a token is drawn.</summary>
    public float Temperature { get; init; }

    /// <summary>Seed of the draws; the low 32 bits count.</summary>
    public ulong Seed { get; init; }

    /// <summary>Stop inside a block once a stop token is revealed and no position before it is masked.</summary>
    public bool StopsEarly { get; init; }
}
