using TaalasSim.Runtime.Decode;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>A session on the chip: one KV cache and one sampler.</summary>
internal sealed class DeviceContext
{
    public required uint Handle { get; init; }
    public required int Client { get; init; }
    public required int Channel { get; init; }

    /// <summary>The core's own number for it.</summary>
    public required int Core { get; init; }
    public required int MaxTokens { get; init; }
    public SamplerSettings Sampler { get; set; }
    public int[] Stops { get; set; } = [];

    /// <summary>Positions in the KV cache.</summary>
    public int Length { get; set; }

    /// <summary>The last sampled token, which the KV cache does not hold yet.</summary>
    public int? Pending { get; set; }

    /// <summary>The block that was filled last, which the KV cache does not hold yet.</summary>
    public int[]? Block { get; set; }

    /// <summary>Rows of logits that can be read or sampled from; 0 = none.</summary>
    public int LogitRows { get; set; }

    /// <summary>An uncorrectable error struck its KV memory.</summary>
    public bool IsPoisoned { get; set; }
}
