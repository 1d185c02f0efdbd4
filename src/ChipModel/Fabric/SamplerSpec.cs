namespace TaalasSim.ChipModel.Fabric;

/// <summary>Arg-max / top-k tree over the logits.</summary>
public sealed record SamplerSpec
{
    /// <summary>Logits taken per cycle.</summary>
    public required int LogitsPerCycle { get; init; }

    /// <summary>Cycles from the last logit to the token.</summary>
    public required int PipelineCycles { get; init; }
}
