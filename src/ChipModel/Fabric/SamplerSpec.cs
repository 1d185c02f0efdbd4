using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>Arg-max / top-k tree over the logits.</summary>
public sealed record SamplerSpec
{
    /// <summary>Logits taken per cycle.</summary>
    [FieldRange(1, 1 << 20, "logits")]
    public required int LogitsPerCycle { get; init; }

    /// <summary>Cycles from the last logit to the token.</summary>
    [FieldRange(0, 10_000, "cycles")]
    public required int PipelineCycles { get; init; }
}
